import { describe, expect, it } from "vitest";
import { photo } from "../testing";
import { firstArrived, inOrder, nextArrived, samePageOf } from "./order";
import { fitted, panned, turned, zoomed } from "./viewport";

const pane = { width: 800, height: 600 };
const page = { width: 1400, height: 2000 };

describe("a photo in its pane", () => {
  it("is fitted whole, or to its width from its top", () => {
    expect(fitted(pane, page, "whole")).toEqual({ scale: 0.3, x: 0, y: 0 });
    const wide = fitted(pane, page, "width");
    expect(wide.scale).toBeCloseTo(800 / 1400);
    expect(wide.y - (page.height * wide.scale) / 2).toBeCloseTo(-pane.height / 2);
  });

  it("is enlarged around the point under the pointer", () => {
    const view = fitted(pane, page, "width");
    const at = { x: 100, y: -50 };
    const before = { x: (at.x - view.x) / view.scale, y: (at.y - view.y) / view.scale };
    const after = zoomed(view, 2, at, pane, page);
    expect((at.x - after.x) / after.scale).toBeCloseTo(before.x);
    expect((at.y - after.y) / after.scale).toBeCloseTo(before.y);
  });

  it("cannot be moved out of sight", () => {
    const view = panned(fitted(pane, page, "width"), { x: 5_000, y: -5_000 }, pane, page);
    expect(view.x).toBe(0);
    expect(view.y + (page.height * view.scale) / 2).toBeCloseTo(pane.height / 2);
  });

  it("changes sides with each quarter turn", () => {
    expect(turned(page, 1)).toEqual({ width: 2000, height: 1400 });
    expect(turned(page, -2)).toEqual(page);
  });
});

describe("a slot's photos", () => {
  const photos = inOrder(
    [
      photo("b", 1, true),
      photo("a", null, true),
      photo("a", 2, true),
      photo("a", 1, false),
      photo("b", 2, false),
    ],
    ["a", "b"],
  );

  it("stand witness by witness, page by page, objections last", () => {
    expect(photos.map(({ sha256 }) => sha256)).toEqual(["a-1", "a-2", "a-null", "b-1", "b-2"]);
  });

  it("begin with the first that has arrived and skip those that have not", () => {
    expect(firstArrived(photos)).toBe(1);
    expect(nextArrived(photos, 1, 1)).toBe(2);
    expect(nextArrived(photos, 3, 1)).toBe(1);
    expect(nextArrived(photos, 1, -1)).toBe(3);
    expect(firstArrived([])).toBe(0);
  });

  it("lead from one witness's page to the other's photo of it, if that is here", () => {
    expect(samePageOf(photos, "b", 0)).toBe(3);
    expect(samePageOf(photos, "b", 1)).toBeNull();
  });
});
