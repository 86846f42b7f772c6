import { describe, expect, it } from "vitest";
import { photo } from "../testing";
import { canBeSeen, counterpartOf, firstArrived, nextArrived, percentHere } from "./order";

const missing = photo("a", 1, false);
const coarse = { ...photo("a", 2, false), received_bytes: 86_000 };
const whole = photo("a", 3, true);

describe("photos that are still arriving", () => {
  it("can be seen as soon as a part is here, and are told apart", () => {
    expect([missing, coarse, whole].map(canBeSeen)).toEqual([false, true, true]);
    expect(percentHere(coarse)).toBe(43);
    expect(percentHere({ ...coarse, received_bytes: 199_999 })).toBe(99);
  });

  it("stand behind whole ones, and before those that have not begun", () => {
    expect(firstArrived([missing, coarse, whole])).toBe(2);
    expect(firstArrived([missing, coarse])).toBe(1);
    expect(firstArrived([missing])).toBe(0);
    expect(nextArrived([missing, coarse, whole], 2, 1)).toBe(1);
  });
});

describe("the photo to compare with", () => {
  it("is another witness's of the same page, or else the next one", () => {
    const photos = [photo("a", 1, true), photo("a", 2, true), photo("b", 1, true)];
    expect(counterpartOf(photos, 0)).toBe(2);
    expect(counterpartOf(photos, 1)).toBe(2);
    expect(counterpartOf([photo("a", 1, true), missing], 0)).toBeNull();
  });
});
