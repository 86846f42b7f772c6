import { describe, expect, it } from "vitest";
import { layout, pairs, parties } from "../testing";
import { boxesOf, paperOf, whereIs } from "./paper";

describe("a form in the paper's order", () => {
  it("puts men, women and total of one row on one line", () => {
    const [first] = paperOf(layout, pairs);
    expect(first?.sections.map(({ title }) => title)).toEqual(["I. Pemilih", "II. Surat suara"]);
    const [dpt] = first?.sections[0]?.rows ?? [];
    expect(Object.keys(dpt?.boxes ?? {})).toEqual(["male", "female", "total"]);
  });

  it("puts the votes before the valid votes of the same page", () => {
    const second = paperOf(layout, pairs)[1];
    expect(second?.sections.map(({ holds }) => holds)).toEqual(["votes", "fields"]);
    expect(second?.sections[0]?.rows.map(({ ballotNumber }) => ballotNumber)).toEqual([1, 2]);
  });

  it("gives each party a page of its own where the form has one", () => {
    const legislative = { ...layout, votes: { page: 1, digits: 3, page_per_option: true } };
    const pages = paperOf(legislative, parties);
    const keys = (page: number) =>
      pages[page]?.sections
        .filter(({ holds }) => holds === "votes")
        .flatMap(({ rows }) => rows.map(({ key }) => key));
    expect(keys(0)).toEqual(["votes.1.party", "votes.1.1", "votes.1"]);
    expect(keys(1)).toEqual(["votes.2.party", "votes.2.1", "votes.2"]);
  });

  it("knows where every box stands", () => {
    const pages = paperOf(layout, pairs);
    expect(boxesOf(pages)).toHaveLength(8);
    expect(whereIs(pages, "votes.2")).toMatchObject({ page: 2, isOnlyBox: true });
    expect(whereIs(pages, "dpt_male")).toMatchObject({ page: 1, column: "male", isOnlyBox: false });
    expect(whereIs(pages, "nothing")).toBeNull();
  });
});
