// Several witnesses' figures side by side, and where they differ.
import type { BubbleDetail } from "@generated/BubbleDetail";
import type { Finding } from "@generated/Finding";
import type { Reading } from "@generated/Reading";
import type { RevisionDetail } from "@generated/RevisionDetail";
import type { SlotDetail } from "@generated/SlotDetail";
import { check } from "./findings";
import type { Counts } from "./paper";
import type { FormLayout } from "@generated/FormLayout";

/** Code of the findings that a photo is another slot's too: of the slot, not of a column. */
const SAME_PHOTO = "P201";

/** One column of figures that can be chosen. */
export type Column =
  | { kind: "head"; key: string; head: RevisionDetail; counts: Counts; findings: Finding[] }
  | { kind: "union"; key: "union"; counts: Counts; findings: Finding[] }
  | { kind: "decided"; key: "decided"; counts: Counts; findings: Finding[] }
  | { kind: "reading"; key: string; reading: Reading; counts: Counts; findings: Finding[] };

/**
 * The columns of a slot, in the order of their keys 1, 2, 3 …: what stands
 * decided comes last and only when no head says the same.
 */
export function columnsOf(slot: SlotDetail): Column[] {
  const heads: Column[] = slot.heads.map((head) => ({
    kind: "head",
    key: head.rev_id,
    head,
    counts: head.counts,
    findings: head.findings,
  }));
  const { figures } = slot;
  const findings = slot.findings.filter(({ code }) => code !== SAME_PHOTO);
  const isSaidByHead = slot.heads.some((head) => sameCounts(head.counts, figures));
  if (Object.keys(figures).length === 0 || isSaidByHead) return heads;
  const isRuled = slot.state === "verified" || slot.state === "stale";
  const kind = isRuled ? "decided" : "union";
  return [...heads, { kind, key: kind, counts: figures, findings } as Column];
}

/**
 * The column that is chosen without asking: the one that everybody agrees on.
 * In a conflict there is none: nobody's figures silently win.
 */
export function chosenAtFirst(slot: SlotDetail, columns: Column[]): string | null {
  if (slot.state === "conflict" || slot.state === "empty") return null;
  const standing = columns.find((column) => sameCounts(column.counts, slot.figures));
  return standing?.key ?? null;
}

/** Ids of the fields that two of these fill in differently. */
export function differing(columns: { counts: Counts }[]): Set<string> {
  const seen = new Map<string, number>();
  const different = new Set<string>();
  for (const { counts } of columns) {
    for (const [id, value] of Object.entries(counts)) {
      const other = seen.get(id);
      if (other === undefined) seen.set(id, value);
      else if (other !== value) different.add(id);
    }
  }
  return different;
}

/** The figures that no two of these fill in differently. */
export function undisputed(columns: { counts: Counts }[]): Counts {
  const different = differing(columns);
  const all = columns.flatMap(({ counts }) => Object.entries(counts));
  return Object.fromEntries(all.filter(([id]) => !different.has(id)));
}

export interface Change {
  id: string;
  /** `null`: not filled in. */
  before: number | null;
  after: number | null;
}

/** What changed from one set of figures to another, in the second's order. */
export function changes(before: Counts, after: Counts): Change[] {
  const ids = new Set([...Object.keys(after), ...Object.keys(before)]);
  return [...ids]
    .map((id) => ({ id, before: before[id] ?? null, after: after[id] ?? null }))
    .filter((change) => change.before !== change.after);
}

/** A finding, and the columns that raise it. */
export interface Raised {
  finding: Finding;
  by: number[];
}

/** The findings of all columns, each sentence once, questions before notices. */
export function raisedBy(columns: Column[]): Raised[] {
  const raised = new Map<string, Raised>();
  columns.forEach((column, index) => {
    for (const finding of column.findings) {
      const key = `${finding.code} ${finding.left} ${finding.right}`;
      const known = raised.get(key);
      if (known) known.by.push(index);
      else raised.set(key, { finding, by: [index] });
    }
  });
  const all = [...raised.values()];
  const errors = all.filter(({ finding }) => finding.severity === "error");
  return [...errors, ...all.filter(({ finding }) => finding.severity !== "error")];
}

/** Fields that a finding of severity error, or else a warning, points at. */
export function fieldsOf(findings: Finding[]): Map<string, Finding["severity"]> {
  const fields = new Map<string, Finding["severity"]>();
  for (const { fields: ids, severity } of findings) {
    for (const id of ids) if (fields.get(id) !== "error") fields.set(id, severity);
  }
  return fields;
}

/** What the bubbles on a witness's photos say, by figure; what differs comes first. */
export function bubblesOf(column: Column): Map<string, BubbleDetail> {
  const read = new Map<string, BubbleDetail>();
  if (column.kind !== "head") return read;
  for (const bubble of column.head.bubbles) {
    const known = read.get(bubble.field);
    if (!known || (bubble.differs && !known.differs)) read.set(bubble.field, bubble);
  }
  return read;
}

/** The findings that a photo is another slot's too. */
export function samePhotoFindings(slot: SlotDetail): Finding[] {
  return slot.findings.filter(({ code }) => code === SAME_PHOTO);
}

/** Own figures as typed, and what they say. */
export interface Draft {
  typed: Record<string, string>;
  counts: Counts;
  findings: Finding[];
}

/** The figures in typed texts: a text that is no figure counts as not filled in. */
export function draftOf(
  typed: Record<string, string>,
  layout: FormLayout,
  contest: SlotDetail["contest"],
): Draft {
  const counts: Counts = {};
  for (const [id, text] of Object.entries(typed)) {
    if (/^\d+$/.test(text)) counts[id] = Number(text);
  }
  return { typed, counts, findings: check(layout, contest, counts) };
}

function sameCounts(one: Counts, other: Counts): boolean {
  return changes(one, other).length === 0;
}
