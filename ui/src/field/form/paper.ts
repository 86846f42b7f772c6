// The form as it lies on the table: pages, and on each the blocks, rows and
// boxes in the paper's own order. Everything comes from the layout data; the
// words are the paper's, so nothing here is translated.
import type { Choice } from "@generated/Choice";
import type { Column } from "@generated/Column";
import type { Contest } from "@generated/Contest";
import type { Field } from "@generated/Field";
import type { FormLayout } from "@generated/FormLayout";

/** One figure's place. */
export interface Box {
  id: string;
  digits: number;
  column: Column;
}

/** A line of the paper: one box, or men, women and total. */
export interface Row {
  label: string;
  boxes: Box[];
}

/** A table with its heading. */
export interface Section {
  kind: "section";
  title: string | null;
  rows: Row[];
}

/** The votes of candidate pairs, one line each. */
export interface Votes {
  kind: "votes";
  lines: { choice: Choice; box: Box }[];
}

/** The page of a party: its own votes, each candidate's, and their total. */
export interface Party {
  kind: "party";
  choice: Choice;
  own: Box;
  candidates: { number: number; name: string; box: Box }[];
  total: Box;
}

export type Block = Section | Votes | Party;

export interface PaperPage {
  number: number;
  title: string;
  blocks: Block[];
}

/** The pages of a form, in order. A page without figures has no blocks and can still be photographed. */
export function pagesOf(layout: FormLayout, contest: Contest): PaperPage[] {
  return layout.pages.map(({ number, title }) => {
    const sections = sectionsOf(layout.fields.filter((field) => field.page === number));
    const votes = votesOn(layout, contest, number);
    return { number, title, blocks: votes.length ? placed(sections, votes, layout) : sections };
  });
}

/** Ids of a page's boxes in the order in which they are read and keyed. */
export function boxesOf(page: PaperPage): Box[] {
  return page.blocks.flatMap((block) => {
    switch (block.kind) {
      case "section":
        return block.rows.flatMap((row) => row.boxes);
      case "votes":
        return block.lines.map((line) => line.box);
      case "party":
        return [block.own, ...block.candidates.map((candidate) => candidate.box), block.total];
    }
  });
}

/** A figure with the words that stand beside it on the paper, for lists. */
export interface Labelled extends Box {
  label: string;
}

/** Every box of a form with its words, in the paper's order. */
export function labelledBoxes(
  pages: PaperPage[],
  say: { partyOwn: string; partyTotal: string },
): Labelled[] {
  return pages.flatMap((page) => page.blocks.flatMap((block) => labelledIn(block, say)));
}

function labelledIn(block: Block, say: { partyOwn: string; partyTotal: string }): Labelled[] {
  switch (block.kind) {
    case "section":
      return block.rows.flatMap(({ label, boxes }) => boxes.map((box) => ({ ...box, label })));
    case "votes":
      return block.lines.map(({ choice, box }) => ({ ...box, label: nameOf(choice) }));
    case "party": {
      const party = nameOf(block.choice);
      return [
        { ...block.own, label: `${party}: ${say.partyOwn}` },
        ...block.candidates.map(({ number, name, box }) => ({
          ...box,
          label: `${party}: ${number}. ${name}`,
        })),
        { ...block.total, label: `${party}: ${say.partyTotal}` },
      ];
    }
  }
}

function nameOf(choice: Choice): string {
  return `${choice.number}. ${choice.name}`;
}

/** Groups fields into rows, and rows into the tables whose headings they carry. */
function sectionsOf(fields: Field[]): Section[] {
  const sections: Section[] = [];
  let row: { id: string; row: Row } | undefined;
  for (const field of fields) {
    let section = sections[sections.length - 1];
    if (!section || field.section !== undefined) {
      section = { kind: "section", title: field.section ?? null, rows: [] };
      sections.push(section);
      row = undefined;
    }
    if (row?.id !== field.row) {
      row = { id: field.row, row: { label: field.label, boxes: [] } };
      section.rows.push(row.row);
    }
    row.row.boxes.push({ id: field.id, digits: field.digits, column: field.column });
  }
  return sections;
}

function votesOn(layout: FormLayout, contest: Contest, page: number): Block[] {
  const { votes } = layout;
  const here = votes.page_per_option
    ? contest.options.slice(page - votes.page, page - votes.page + 1)
    : page === votes.page
      ? contest.options
      : [];
  if (page < votes.page || here.length === 0) return [];
  const parties = here.filter((choice) => choice.candidates?.length);
  const pairs = here.filter((choice) => !choice.candidates?.length);
  const blocks: Block[] = parties.map((choice) => partyOf(choice, votes.digits));
  if (pairs.length) {
    const lines = pairs.map((choice) => ({
      choice,
      box: voteBox(`votes.${choice.number}`, votes.digits),
    }));
    blocks.push({ kind: "votes", lines });
  }
  return blocks;
}

function partyOf(choice: Choice, digits: number): Party {
  const id = `votes.${choice.number}`;
  return {
    kind: "party",
    choice,
    own: voteBox(`${id}.party`, digits),
    candidates: (choice.candidates ?? []).map(({ number, name }) => ({
      number,
      name,
      box: voteBox(`${id}.${number}`, digits),
    })),
    total: voteBox(id, digits),
  };
}

function voteBox(id: string, digits: number): Box {
  return { id, digits, column: "total" };
}

/**
 * Votes among the tables of their page: before the table that holds the figure
 * they must add up to, for that is where the paper sums them; else behind all.
 */
function placed(sections: Section[], votes: Block[], layout: FormLayout): Block[] {
  const summed = new Set(
    layout.rules
      .filter((rule) => rule.left.includes("votes.*") || rule.right.includes("votes.*"))
      .flatMap((rule) => [...rule.left, ...rule.right]),
  );
  const holdsSum = (section: Section) =>
    section.rows.some((row) => row.boxes.some((box) => summed.has(box.id)));
  const at = sections.findIndex(holdsSum);
  const cut = at === -1 ? sections.length : at;
  return [...sections.slice(0, cut), ...votes, ...sections.slice(cut)];
}
