import { describe, expect, it } from "vitest";
import { layouts, pairs, parties } from "../testing/forms";
import { boxesOf, labelledBoxes, pagesOf, type Block } from "./paper";
import { indexOfStep, stepsOf } from "./steps";

const kindsOf = (blocks: Block[]) =>
  blocks.map((block) => (block.kind === "section" ? block.title : block.kind));

describe("the form as it lies on the table", () => {
  it("keeps a regional form's tables, rows and columns in the paper's order", () => {
    const [first] = pagesOf(layouts.kwk, pairs(2));
    expect(kindsOf(first?.blocks ?? [])).toEqual([
      "I.A. Data Pemilih",
      "I.B. Pengguna Hak Pilih",
      "II. Data Penggunaan Surat Suara",
      "III. Data Pemilih Disabilitas",
    ]);
    const ids = first ? boxesOf(first).map((box) => box.id) : [];
    expect(ids.slice(0, 4)).toEqual(["dpt_male", "dpt_female", "dpt_total", "came_dpt_male"]);
    expect(ids).toHaveLength(22);
  });

  it("puts the votes before the table that sums them", () => {
    const [, second] = pagesOf(layouts.kwk, pairs(3));
    expect(kindsOf(second?.blocks ?? [])).toEqual([
      "votes",
      "V. Data Suara Sah dan Suara Tidak Sah",
    ]);
    expect(second ? boxesOf(second).map((box) => box.id) : []).toEqual([
      "votes.1",
      "votes.2",
      "votes.3",
      "valid",
      "invalid",
      "total",
    ]);
  });

  it("gives the presidential form's votes their own page", () => {
    const pages = pagesOf(layouts.ppwp, pairs(3));
    expect(pages.map((page) => kindsOf(page.blocks).includes("votes"))).toEqual([
      false,
      true,
      false,
    ]);
  });

  it("gives each party a page, own votes first, candidates in list order, total last", () => {
    const pages = pagesOf(layouts.dpr, parties(18));
    expect(pages).toHaveLength(20);
    const third = pages[2];
    expect(third ? boxesOf(third).map((box) => box.id) : []).toEqual([
      "votes.2.party",
      "votes.2.1",
      "votes.2.2",
      "votes.2.3",
      "votes.2",
    ]);
    expect(kindsOf(pages[19]?.blocks ?? [])).toEqual(["V. Data Suara Sah dan Suara Tidak Sah"]);
  });

  it("names every box once, so that lists and history can be read", () => {
    const say = { partyOwn: "suara partai", partyTotal: "jumlah" };
    const boxes = labelledBoxes(pagesOf(layouts.dpr, parties(2)), say);
    expect(new Set(boxes.map((box) => box.id)).size).toBe(boxes.length);
    expect(boxes.find((box) => box.id === "votes.2.party")?.label).toBe(
      "2. Partai 2 (contoh): suara partai",
    );
  });
});

describe("the steps of a form", () => {
  it("are photos, each page with figures, and review", () => {
    const steps = stepsOf(pagesOf(layouts.kwk, pairs(2)));
    expect(steps.map((step) => step.name)).toEqual(["photos", "page-1", "page-2", "review"]);
    expect(indexOfStep(steps, "page-2")).toBe(2);
  });

  it("leave out pages that this contest has no figures on", () => {
    // Two parties of eighteen stand for election here.
    const steps = stepsOf(pagesOf(layouts.dpr, parties(2)));
    expect(steps.map((step) => step.name)).toEqual([
      "photos",
      "page-1",
      "page-2",
      "page-3",
      "page-20",
      "review",
    ]);
  });

  it("begin at the beginning when another version of the app named the place", () => {
    expect(indexOfStep(stepsOf(pagesOf(layouts.kwk, pairs(2))), "signatures")).toBe(0);
  });
});
