// Where a photo stands in its pane: pure reckoning in CSS pixels.
//
// The picture's centre is placed at (x, y) from the pane's centre, turned by
// quarter turns and scaled; `scale` 1 shows one picture point per pixel.

export interface Size {
  width: number;
  height: number;
}

export interface Point {
  x: number;
  y: number;
}

export interface View extends Point {
  scale: number;
}

/** How a photo is fitted: the whole page, or its width. */
export type Fit = "whole" | "width";

/** Largest enlargement, in pixels per picture point. */
const SCALE_MAX = 8;
/** Smallest, as a share of the whole-page fit. */
const SHRINK_MIN = 0.5;

/** The picture's sides after `turns` quarter turns. */
export function turned(image: Size, turns: number): Size {
  return turns % 2 === 0 ? image : { width: image.height, height: image.width };
}

export function fitted(pane: Size, image: Size, fit: Fit): View {
  const whole = wholeScale(pane, image);
  if (fit === "whole") return { scale: whole, x: 0, y: 0 };
  const scale = pane.width / Math.max(image.width, 1);
  const overhang = Math.max(0, image.height * scale - pane.height);
  // A page is read from its top.
  return { scale, x: 0, y: overhang / 2 };
}

/** Enlarged by `factor` so that the point `at` (from the pane's centre) stays where it is. */
export function zoomed(view: View, factor: number, at: Point, pane: Size, image: Size): View {
  const smallest = wholeScale(pane, image) * SHRINK_MIN;
  const scale = Math.min(SCALE_MAX, Math.max(smallest, view.scale * factor));
  const grown = scale / view.scale;
  const moved = { scale, x: at.x - (at.x - view.x) * grown, y: at.y - (at.y - view.y) * grown };
  return kept(moved, pane, image);
}

export function panned(view: View, by: Point, pane: Size, image: Size): View {
  return kept({ ...view, x: view.x + by.x, y: view.y + by.y }, pane, image);
}

/** Kept so that the picture covers the pane, or stays inside where it is smaller. */
export function kept(view: View, pane: Size, image: Size): View {
  const room = (side: number, length: number) => Math.abs(length * view.scale - side) / 2;
  const x = room(pane.width, image.width);
  const y = room(pane.height, image.height);
  return { scale: view.scale, x: clamp(view.x, x), y: clamp(view.y, y) };
}

function wholeScale(pane: Size, image: Size): number {
  return Math.min(pane.width / Math.max(image.width, 1), pane.height / Math.max(image.height, 1));
}

function clamp(value: number, limit: number): number {
  return Math.min(limit, Math.max(-limit, value));
}
