import { describe, expect, it } from "vitest";
import { FIGURES, layout, pairs, parties } from "../testing";
import { check } from "./findings";

const codes = (counts: Record<string, number>) =>
  check(layout, pairs, counts).map(({ code }) => code);

describe("what does not add up", () => {
  it("is nothing on a form whose sums hold", () => {
    expect(codes(FIGURES)).toEqual([]);
  });

  it("is found with both sides and the fields that it is about", () => {
    const [found] = check(layout, pairs, { ...FIGURES, "votes.1": 81 });
    expect(found).toMatchObject({ code: "E301", left: 141, right: 140 });
    expect(found?.fields).toEqual(["votes.1", "votes.2", "valid"]);
  });

  it("is not asked of a rule whose fields are not all filled in", () => {
    expect(codes({ "votes.1": 1, valid: 2 })).toEqual([]);
  });

  it("reckons a scale in whole millionths, so that 1.025 × 400 is 410", () => {
    const counts = { dpt_total: 400, ballots_used: 410 };
    expect(codes(counts)).toEqual([]);
    expect(codes({ ...counts, ballots_used: 411 })).toEqual(["W402"]);
  });

  it("is asked once for each party where the rule says so", () => {
    const perParty = {
      ...layout,
      rules: [{ ...layout.rules[1], code: "E303", left: ["votes.{n}.*"], right: ["votes.{n}"] }],
    } as typeof layout;
    const counts = {
      "votes.1.party": 1,
      "votes.1.1": 2,
      "votes.1": 3,
      "votes.2.party": 1,
      "votes.2.1": 1,
      "votes.2": 3,
    };
    const found = check(perParty, parties, counts);
    expect(found.map(({ code, text }) => [code, text])).toEqual([
      ["E303:2", "Partai 2 (contoh): E301?"],
    ]);
  });
});
