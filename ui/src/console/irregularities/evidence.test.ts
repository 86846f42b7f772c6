import { describe, expect, it } from "vitest";
import { tableOf } from "./evidence";
import { item } from "./testing";

describe("the numbers behind an irregularity", () => {
  it("show what is written beside what would fit", () => {
    expect(tableOf(item())).toEqual({
      beside: "mayBe",
      lines: [{ field: "votes.1", here: 154, beside: 144, isDoubtful: true }],
    });
  });

  it("are held against the official ones, or those of the other witness", () => {
    const readings = {
      is: "readings" as const,
      class: "one_digit" as const,
      differences: [{ field: "valid", first: 150, other: null }],
      station: null,
      first_adds_up: true,
      other_adds_up: false,
    };
    expect(tableOf(item({ code: "I601", evidence: readings })).beside).toBe("official");
    expect(tableOf(item({ code: "I501", evidence: readings })).beside).toBe("other");
  });

  it("mark every figure of a sum that does not hold, and none of a copy", () => {
    const sums = item({
      code: "E301",
      fields: ["votes.1", "valid", "votes.1"],
      figures: { "votes.1": 154 },
      evidence: { is: "sums", left: 204, right: 194 },
    });
    expect(tableOf(sums).lines).toEqual([
      { field: "votes.1", here: 154, beside: null, isDoubtful: true },
      { field: "valid", here: null, beside: null, isDoubtful: true },
    ]);
    const copy = item({ evidence: { is: "stations", numbers: [2] } });
    expect(tableOf(copy).lines.every((line) => !line.isDoubtful)).toBe(true);
  });
});
