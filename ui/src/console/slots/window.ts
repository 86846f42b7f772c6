// Which rows of a long list to draw.

/** Rows drawn above and below the visible ones. */
const OVERSCAN_ROWS = 12;

export interface Window {
  /** First row drawn. */
  from: number;
  /** One past the last row drawn. */
  to: number;
}

/** The rows to draw when `heightPx` of a list are visible from `scrolledPx` on. */
export function windowOf(
  scrolledPx: number,
  heightPx: number,
  rowPx: number,
  rows: number,
): Window {
  const first = Math.floor(scrolledPx / rowPx) - OVERSCAN_ROWS;
  const last = Math.ceil((scrolledPx + heightPx) / rowPx) + OVERSCAN_ROWS;
  const from = Math.max(0, Math.min(first, rows));
  return { from, to: Math.max(from, Math.min(last, rows)) };
}

/** How far to scroll so that row `index` is seen whole; `null` when it is. */
export function scrollFor(
  index: number,
  scrolledPx: number,
  heightPx: number,
  rowPx: number,
): number | null {
  const top = index * rowPx;
  if (top < scrolledPx) return top;
  if (top + rowPx > scrolledPx + heightPx) return top + rowPx - heightPx;
  return null;
}
