import { describe, expect, it } from "vitest";
import { gap, sumOf } from "./sums";

describe("what differences come to", () => {
  const region = (code: string, ours: number, official: number) => ({
    code,
    name: code,
    compared: 2,
    differ: 1,
    votes: { "1": { ours, official } },
  });
  it("is summed up by option", () => {
    const sum = sumOf([region("647201", 10, 12), region("647202", 5, 4)]);
    expect(sum).toEqual({ compared: 4, differ: 2, votes: { "1": { ours: 15, official: 16 } } });
  });
  it("has a sign", () => {
    expect([gap(10, 12, String), gap(5, 4, String), gap(1, 1, String)]).toEqual(["+2", "−1", "0"]);
  });
});
