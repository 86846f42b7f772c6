import { describe, expect, it } from "vitest";
import { curveOf, pathOf } from "./curve";

const START = Date.parse("2024-11-27T11:00:00.000Z");
const MINUTE = 60_000;
const quarter = (minutes: number, received: number, verified: number) => ({
  began_at: new Date(START + minutes * MINUTE).toISOString(),
  received,
  verified,
});

describe("the curve of a night", () => {
  it("rises through quarters in which something came, and is level between them", () => {
    const curve = curveOf([quarter(0, 4, 0), quarter(45, 10, 2)], START + 90 * MINUTE);
    expect(curve?.received.map(({ time, count }) => [(time - START) / MINUTE, count])).toEqual([
      [0, 0],
      [15, 4],
      [45, 4],
      [60, 10],
      [90, 10],
    ]);
    expect(curve?.verified.at(-1)?.count).toBe(2);
  });
  it("ends now, in the middle of a quarter", () => {
    const curve = curveOf([quarter(0, 4, 0)], START + 5 * MINUTE);
    expect(curve?.received.at(-1)).toEqual({ time: START + 5 * MINUTE, count: 4 });
    expect(curve?.received[1]?.time).toBe(START + 5 * MINUTE);
  });
  it("has few marks on its time axis, however long the night", () => {
    for (const hours of [0.5, 3, 12, 72, 400]) {
      const curve = curveOf([quarter(0, 1, 0)], START + hours * 60 * MINUTE);
      expect(curve?.ticks.length).toBeGreaterThan(0);
      expect(curve?.ticks.length).toBeLessThanOrEqual(9);
    }
  });
  it("is nothing before anything has come", () => {
    expect(curveOf([], START)).toBeNull();
  });
  it("is drawn from the bottom left to the top right", () => {
    const curve = curveOf([quarter(0, 10, 0)], START + 15 * MINUTE);
    expect(curve && pathOf(curve.received, curve, 10, 100, 50)).toBe(
      "M0.0 50.0 L100.0 0.0 L100.0 0.0",
    );
  });
});
