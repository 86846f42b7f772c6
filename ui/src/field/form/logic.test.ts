import type { Finding } from "@generated/Finding";
import type { PhotoView } from "@generated/PhotoView";
import type { RevisionView } from "@generated/RevisionView";
import { describe, expect, it } from "vitest";
import { layouts, pairs } from "../testing/forms";
import { changesBetween } from "./changes";
import { keyed, sumOf } from "./figure";
import { byLastBox, settled } from "./findings";
import { boxesOf, labelledBoxes, pagesOf } from "./paper";

describe("a box", () => {
  it("takes digits that fit and nothing else", () => {
    expect(keyed("105", 3)).toEqual({ text: "105", isTaken: true });
    expect(keyed(" 007 ", 3)).toEqual({ text: "007", isTaken: true });
    expect(keyed("", 3)).toEqual({ text: "", isTaken: true });
    for (const text of ["1O5", "1050", "-1", "1.5", "1 5", "\u0661\u0660\u0665"]) {
      expect(keyed(text, 3), text).toEqual({ isTaken: false });
    }
  });

  it("that is blank adds nothing, and blanks alone are no zero", () => {
    expect(sumOf(["210", "", undefined])).toBe(210);
    expect(sumOf(["", undefined])).toBeNull();
    expect(sumOf(["0"])).toBe(0);
  });
});

function finding(code: string, fields: string[]): Finding {
  return { code, severity: "error", text: code, fields, left: 1, right: 2 };
}

describe("a question", () => {
  const boxes = pagesOf(layouts.kwk, pairs(2)).flatMap(boxesOf);

  it("stands beneath the last box it is about", () => {
    const sum = finding("E101", ["dpt_total", "dpt_male", "dpt_female"]);
    const head = finding("E901", []);
    const found = byLastBox([head, sum], boxes);
    expect(found.get("dpt_total")).toEqual([sum]);
    expect(found.get("")).toEqual([head]);
  });

  it("does not arise from a figure that is still being typed", () => {
    const sum = finding("E101", ["dpt_male", "dpt_female", "dpt_total"]);
    expect(settled([sum], "dpt_total", [])).toEqual([]);
    expect(settled([sum], null, [])).toEqual([sum]);
    expect(settled([sum], "valid", [])).toEqual([sum]);
  });

  it("that stood there stays in sight while the figure is mended", () => {
    const sum = finding("E101", ["dpt_male", "dpt_female", "dpt_total"]);
    expect(settled([sum], "dpt_total", ["E101"])).toEqual([sum]);
  });
});

describe("the history", () => {
  const boxes = labelledBoxes(pagesOf(layouts.kwk, pairs(2)), { partyOwn: "", partyTotal: "" });
  const photo = (id: number) => ({ id }) as PhotoView;
  const revision = (part: Partial<RevisionView>) =>
    ({ counts: {}, form_tps: null, photos: [], ...part }) as RevisionView;

  it("says which figures changed, appeared and went, in the paper's order", () => {
    const before = revision({ counts: { "votes.1": 105, invalid: 3, dpt_male: 210 } });
    const after = revision({ counts: { "votes.1": 101, valid: 0, dpt_male: 210 } });
    expect(changesBetween(before, after, boxes).figures).toEqual([
      { label: "1. Paslon 1 (contoh)", column: "total", from: 105, to: 101 },
      { label: "A. Jumlah seluruh suara sah", column: "total", from: null, to: 0 },
      { label: "B. Jumlah suara tidak sah", column: "total", from: 3, to: null },
    ]);
  });

  it("counts photos that came and went, and tells of another TPS number", () => {
    const before = revision({ photos: [photo(1), photo(2)], form_tps: "008" });
    const after = revision({ photos: [photo(2), photo(3), photo(4)], form_tps: "007" });
    expect(changesBetween(before, after, boxes)).toEqual({
      figures: [],
      formTps: { from: "008", to: "007" },
      photosAdded: 2,
      photosRemoved: 1,
    });
  });
});
