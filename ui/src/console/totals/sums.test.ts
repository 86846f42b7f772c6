import { describe, expect, it } from "vitest";
import type { RegionRollup } from "@generated/RegionRollup";
import { coverageOf, sharesOf, sumOf } from "./sums";

function region(change: Partial<RegionRollup>): RegionRollup {
  return {
    code: "6472",
    name: "Kota Samarinda",
    tps: 10,
    received: 6,
    verified: 3,
    conflict: 1,
    paper: 2,
    paper_differs: 1,
    votes: { verified: { "1": 30 }, received: { "1": 20, "2": 50 }, contested: { "1": [4, 9] } },
    fields: { verified: { invalid: 2 }, received: { invalid: 1 } },
    ...change,
  };
}

describe("sums over regions", () => {
  it("add every column up on its own", () => {
    const sum = sumOf([region({}), region({ tps: 5, received: 0, verified: 0, conflict: 0 })]);
    expect(sum.tps).toBe(15);
    expect(sum.votes.verified).toEqual({ "1": 60 });
    expect(sum.votes.received).toEqual({ "1": 40, "2": 100 });
    expect(sum.votes.contested).toEqual({ "1": [8, 18] });
    expect(sum.fields.verified).toEqual({ invalid: 4 });
    expect(sum.candidates).toBeNull();
  });

  it("add candidates up where there are any", () => {
    const candidates = { verified: { "3.1": 4 }, received: {} };
    expect(sumOf([region({ candidates }), region({ candidates })]).candidates?.verified).toEqual({
      "3.1": 8,
    });
  });

  it("count a share of what is verified and received, never of what is contested", () => {
    const shares = sharesOf(sumOf([region({})]), [
      { number: 1, name: "a" },
      { number: 2, name: "b" },
    ]);
    expect(shares.map(({ share }) => share)).toEqual([0.5, 0.5]);
    expect(sharesOf(sumOf([]), [{ number: 1, name: "a" }])[0]?.share).toBeNull();
  });

  it("split the polling stations into parts that add up", () => {
    const parts = coverageOf(region({}));
    expect(parts).toEqual({ verified: 3, conflict: 1, waiting: 2, missing: 4 });
  });
});
