import { describe, expect, it } from "vitest";
import { dotsOf, middle, outliers, widest } from "./turnout";

const point = (tps: string, roll: number, came: number, votes: Record<string, number>) => ({
  tps,
  roll,
  came,
  votes,
  is_flagged: false,
});

describe("turnout against shares", () => {
  const points = [
    point("a", 200, 150, { "1": 90, "2": 60 }),
    point("b", 200, 160, { "1": 80, "2": 80 }),
    point("c", 200, 240, { "1": 240, "2": 0 }),
    point("d", 200, 0, { "1": 0, "2": 0 }),
  ];
  const dots = dotsOf(points, "1");

  it("has a point for each station with votes", () => {
    expect(dots.map(({ tps, turnout, share }) => [tps, turnout, share])).toEqual([
      ["a", 0.75, 0.6],
      ["b", 0.8, 0.5],
      ["c", 1.2, 1],
    ]);
  });
  it("is as wide as the fullest station, within reason", () => {
    expect(widest(dots)).toBe(1.2);
    expect(widest([])).toBe(1);
    expect(widest(dotsOf([point("e", 1, 400, { "1": 400 })], "1"))).toBe(2);
  });
  it("names those that lie farthest from the middle", () => {
    expect(middle([3, 1, 2])).toBe(2);
    expect(outliers(dots, 1).map(({ tps }) => tps)).toEqual(["c"]);
  });
});
