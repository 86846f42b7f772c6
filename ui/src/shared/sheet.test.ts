import { describe, expect, it } from "vitest";
import type { SheetPlace } from "@generated/SheetPlace";
import { straightSize, straightened } from "./sheet";

/** A wall form held aslant, its lower right corner outside the photo. */
const ASLANT: SheetPlace = {
  sheet_mm: [600, 900],
  picture_px: [1500, 2000],
  corners_px: [
    [120, 80],
    [1390, 210],
    [1530, 2040],
    [-20, 1900],
  ],
};

/** Where a CSS matrix3d takes a point of the plane. */
function taken(transform: string, [x, y]: [number, number]): [number, number] {
  const numbers = transform.slice("matrix3d(".length, -1).split(", ").map(Number);
  const at = (index: number) => numbers[index] ?? Number.NaN;
  const row = (index: number) => at(index) * x + at(index + 4) * y + at(index + 12);
  expect(row(3)).toBeGreaterThan(0);
  return [row(0) / row(3), row(1) / row(3)];
}

describe("a page seen from straight in front", () => {
  it("fills its box from corner to corner", () => {
    const transform = straightened(ASLANT, 400);
    const box = [
      [0, 0],
      [400, 0],
      [400, 600],
      [0, 600],
    ];
    ASLANT.corners_px.forEach((corner, index) => {
      const [x, y] = taken(transform, corner);
      expect(x).toBeCloseTo(box[index]?.[0] ?? Number.NaN, 6);
      expect(y).toBeCloseTo(box[index]?.[1] ?? Number.NaN, 6);
    });
  });

  it("keeps straight what was so, and is as large as in the photo", () => {
    const flat: SheetPlace = {
      ...ASLANT,
      corners_px: [
        [100, 50],
        [1300, 50],
        [1300, 1850],
        [100, 1850],
      ],
    };
    const size = straightSize(flat);
    expect(size).toEqual({ width: 1200, height: 1800 });
    expect(taken(straightened(flat, size.width), [700, 950])).toEqual([600, 900]);
  });

  it("is turned upright where the photo lies on its side", () => {
    const [topLeft, topRight, bottomRight, bottomLeft] = ASLANT.corners_px;
    const turned: SheetPlace = {
      ...ASLANT,
      corners_px: [topRight, bottomRight, bottomLeft, topLeft],
    };
    const [x, y] = taken(straightened(turned, 400), topRight);
    expect(x).toBeCloseTo(0, 6);
    expect(y).toBeCloseTo(0, 6);
  });
});
