// Several versions of one form, and what is settled between them field by field.
import type { Reading } from "@generated/Reading";
import type { SlotDetail } from "@generated/SlotDetail";
import { differing, type Column } from "../slot/heads";
import { boxesOf, type Counts, type PaperPage } from "../slot/paper";

/** What somebody read, as a column beside the witnesses'. */
export type ReadingColumn = Extract<Column, { kind: "reading" }>;

/** The readings that say anything, as columns. */
export function columnsOfReadings(readings: Reading[]): ReadingColumn[] {
  return readings
    .filter(({ counts }) => Object.keys(counts).length > 0)
    .map((reading) => ({
      kind: "reading",
      key: `reading-${reading.number}`,
      reading,
      counts: reading.counts,
      findings: [],
    }));
}

/**
 * The fields to settle, in the paper's order: two versions say different
 * figures, or somebody who read the photo left blank what another filled in.
 */
export function disputed(columns: Column[], pages: PaperPage[]): string[] {
  const different = differing(columns);
  const readings = columns.filter(({ kind }) => kind === "reading");
  const filled = new Set(columns.flatMap(({ counts }) => Object.keys(counts)));
  const isLeftBlank = (id: string) =>
    filled.has(id) && readings.some(({ counts }) => counts[id] === undefined);
  return boxesOf(pages)
    .map(({ id }) => id)
    .filter((id) => different.has(id) || isLeftBlank(id));
}

/** The figures that nobody disputes: what one begins with. */
export function agreedOn(columns: Column[], pages: PaperPage[]): Counts {
  const open = new Set(disputed(columns, pages));
  const all = columns.flatMap(({ counts }) => Object.entries(counts));
  return Object.fromEntries(all.filter(([id]) => !open.has(id)));
}

/** The first of these fields behind `from` that is not settled, going round. */
export function nextOpen(
  fields: string[],
  settled: ReadonlySet<string>,
  from: string | null,
): string | null {
  const start = from === null ? 0 : fields.indexOf(from) + 1;
  const round = [...fields.slice(start), ...fields.slice(0, start)];
  return round.find((id) => !settled.has(id)) ?? null;
}

/** Notes of people who read the form, newest last. */
export function notesOf(readings: Reading[]): { by: string; note: string }[] {
  return readings.filter(({ note }) => note !== "").map(({ by, note }) => ({ by, note }));
}

/** Where a form is, for people: "TPS 001, Desa". */
export function whereOf(slot: Pick<SlotDetail, "number" | "place">, tps: string): string {
  return `${tps}, ${slot.place.at(-1) ?? ""}`;
}
