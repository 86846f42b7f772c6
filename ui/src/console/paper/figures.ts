// Figures that a paper says otherwise than the photo: what they are called, and
// what was typed of them.
import type { Session } from "@generated/Session";
import { fieldLabel } from "../slot/labels";
import { boxesOf, paperOf, type Counts } from "../slot/paper";
import { contestIn } from "../state/contests";

/** A figure of a form. */
export interface Named {
  id: string;
  label: string;
  digits: number;
}

/** A line that somebody fills in. */
export interface Line {
  id: string;
  text: string;
}

/** All figures of a slot's form, in the paper's order; none when it is not known. */
export function figuresOf(session: Session, slot: string): Named[] {
  const [, tps = "", id = ""] = slot.split("/");
  const contest = contestIn(session.contests, id, tps);
  const form = session.forms.find((known) => known.id === contest?.form);
  if (!contest || !form) return [];
  const pages = paperOf(form, contest);
  return boxesOf(pages).map((box) => ({ ...box, label: fieldLabel(pages, contest, box.id) }));
}

/** What was filled in: lines without a figure or a number are left out. */
export function filled(lines: readonly Line[]): Counts {
  const told = lines.filter(({ id, text }) => id !== "" && /^\d+$/.test(text));
  return Object.fromEntries(told.map(({ id, text }) => [id, Number(text)]));
}

/** The figures of a step as a sentence, in the form's order. */
export function told(figures: readonly Named[], counts: Counts): string {
  const known = figures.filter(({ id }) => id in counts);
  const ids = new Set(known.map(({ id }) => id));
  const rest = Object.keys(counts).filter((id) => !ids.has(id));
  return [...known, ...rest.map((id) => ({ id, label: id }))]
    .map(({ id, label }) => `${label} = ${counts[id]}`)
    .join("; ");
}
