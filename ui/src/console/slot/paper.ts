// The form in the paper's own order: pages, sections, rows, boxes.
//
// Made from the layout alone; no form is known here by name.
import type { Choice } from "@generated/Choice";
import type { Column } from "@generated/Column";
import type { Contest } from "@generated/Contest";
import type { Field } from "@generated/Field";
import type { FormLayout } from "@generated/FormLayout";

/** Figures by field id; a field that is not filled in is absent. */
export type Counts = { [key in string]: number };

export interface Box {
  id: string;
  digits: number;
}

export interface Row {
  key: string;
  /** Ballot number of the option, or of the party's candidate. */
  ballotNumber: number | null;
  label: string;
  boxes: Partial<Record<Column, Box>>;
  /** A party's own votes, for which the paper has no label of its own. */
  part: "option" | "party" | "party_total" | "candidate" | "field";
}

export interface Section {
  key: string;
  /** The paper's heading; `null` for votes, which the screen names itself. */
  title: string | null;
  holds: "fields" | "votes";
  rows: Row[];
}

export interface PaperPage {
  number: number;
  title: string;
  sections: Section[];
}

/** The field before which the votes stand when they share its page. */
const AFTER_VOTES = "valid";

/** The pages of a form with these options on it. */
export function paperOf(layout: FormLayout, contest: Contest): PaperPage[] {
  return layout.pages.map(({ number, title }) => {
    const sections = fieldSections(layout.fields.filter((field) => field.page === number));
    const votes = voteSections(layout, contest, number);
    const at = sections.findIndex((section) =>
      section.rows.some((row) => row.boxes.total?.id === AFTER_VOTES),
    );
    sections.splice(at === -1 ? sections.length : at, 0, ...votes);
    return { number, title, sections };
  });
}

/** Every box of the form, in the paper's order. */
export function boxesOf(pages: PaperPage[]): Box[] {
  return pages.flatMap(({ sections }) =>
    sections.flatMap(({ rows }) =>
      rows.flatMap(({ boxes }) =>
        [boxes.male, boxes.female, boxes.total].filter((box) => box !== undefined),
      ),
    ),
  );
}

/** Which row a field stands in, and in which of its boxes. */
export function whereIs(
  pages: PaperPage[],
  id: string,
): { page: number; row: Row; column: Column; isOnlyBox: boolean } | null {
  for (const { number, sections } of pages) {
    for (const row of sections.flatMap((section) => section.rows)) {
      for (const [column, box] of Object.entries(row.boxes)) {
        if (box.id !== id) continue;
        const isOnlyBox = Object.keys(row.boxes).length === 1;
        return { page: number, row, column: column as Column, isOnlyBox };
      }
    }
  }
  return null;
}

function fieldSections(fields: Field[]): Section[] {
  const sections: Section[] = [];
  for (const field of fields) {
    let section = sections.at(-1);
    if (!section || field.section !== undefined) {
      section = { key: field.id, title: field.section ?? null, holds: "fields", rows: [] };
      sections.push(section);
    }
    let row = section.rows.find((known) => known.key === field.row);
    if (!row) {
      row = { key: field.row, ballotNumber: null, label: field.label, boxes: {}, part: "field" };
      section.rows.push(row);
    }
    row.boxes[field.column] = { id: field.id, digits: field.digits };
  }
  return sections;
}

function voteSections(layout: FormLayout, contest: Contest, page: number): Section[] {
  const { votes } = layout;
  const options = votes.page_per_option
    ? contest.options.filter((_, index) => votes.page + index === page)
    : page === votes.page
      ? contest.options
      : [];
  if (options.length === 0) return [];
  if (options.every((option) => !option.candidates?.length)) {
    const rows = options.map((option) => optionRow(option, votes.digits));
    return [{ key: "votes", title: null, holds: "votes", rows }];
  }
  return options.map((option) => partySection(option, votes.digits));
}

function optionRow(option: Choice, digits: number): Row {
  const id = `votes.${option.number}`;
  return {
    key: id,
    ballotNumber: option.number,
    label: option.name,
    boxes: { total: { id, digits } },
    part: "option",
  };
}

function partySection(party: Choice, digits: number): Section {
  const id = `votes.${party.number}`;
  const row = (
    key: string,
    label: string,
    part: Row["part"],
    ballotNumber: number | null,
  ): Row => ({
    key,
    ballotNumber,
    label,
    boxes: { total: { id: key, digits } },
    part,
  });
  const candidates = (party.candidates ?? []).map(({ number, name }) =>
    row(`${id}.${number}`, name, "candidate", number),
  );
  return {
    key: id,
    title: `${party.number}. ${party.name}`,
    holds: "votes",
    rows: [row(`${id}.party`, "", "party", null), ...candidates, row(id, "", "party_total", null)],
  };
}
