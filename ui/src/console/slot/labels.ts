// What a row or a field is called on the screen.
import type { Contest } from "@generated/Contest";
import { words } from "../sentences/index.svelte";
import { whereIs, type PaperPage, type Row } from "./paper";

/** A row's words: the paper's own, or ours where the paper has none. */
export function rowLabel(row: Row, contest: Contest): string {
  const { t } = words;
  if (row.part === "party") return t.partyOwn;
  if (row.part === "party_total") return t.partyTotal;
  if (row.part === "option" && row.label === "") return contest.title;
  return row.label;
}

/** A field's words outside the table: row, and the box where a row has several. */
export function fieldLabel(pages: PaperPage[], contest: Contest, id: string): string {
  const found = whereIs(pages, id);
  if (!found) return id;
  const { t } = words;
  const { row, column, isOnlyBox } = found;
  const label = rowLabel(row, contest);
  const numbered = row.ballotNumber === null ? label : `${row.ballotNumber} ${label}`;
  if (isOnlyBox) return numbered;
  return `${numbered} (${{ male: t.male, female: t.female, total: t.total }[column]})`;
}
