// The curve of a night: how many polling stations were in and verified, over
// time. Pure: times in, places in a picture out.
import type { Quarter } from "@generated/Quarter";

const QUARTER_MS = 15 * 60_000;
const HOUR_MS = 4 * QUARTER_MS;
/** Marks on the time axis, at most. */
const TICKS_MAX = 7;

export interface Point {
  /** Milliseconds since 1970. */
  time: number;
  count: number;
}

export interface Curve {
  from: number;
  until: number;
  received: Point[];
  verified: Point[];
  /** Full hours on the time axis. */
  ticks: number[];
}

/** `null` while nothing has happened. */
export function curveOf(quarters: Quarter[], now: number): Curve | null {
  const first = quarters[0];
  if (!first) return null;
  const from = Date.parse(first.began_at);
  const last = Date.parse(quarters.at(-1)?.began_at ?? first.began_at);
  const until = Math.max(now, last + 1);
  return {
    from,
    until,
    received: lineOf(quarters, "received", until),
    verified: lineOf(quarters, "verified", until),
    ticks: ticksOf(from, until),
  };
}

/** Level where nothing changed, and rising (or falling) through each quarter in which something did. */
function lineOf(quarters: Quarter[], of: "received" | "verified", until: number): Point[] {
  const points: Point[] = [];
  let count = 0;
  for (const quarter of quarters) {
    const began = Date.parse(quarter.began_at);
    points.push({ time: began, count });
    count = quarter[of];
    points.push({ time: Math.min(began + QUARTER_MS, until), count });
  }
  points.push({ time: until, count });
  return points;
}

function ticksOf(from: number, until: number): number[] {
  const hours = (until - from) / HOUR_MS;
  const step = [1, 2, 3, 6, 12, 24, 48, 96].find((every) => hours / every <= TICKS_MAX) ?? 168;
  const ticks: number[] = [];
  const firstTick = Math.ceil(from / HOUR_MS) * HOUR_MS;
  for (let tick = firstTick; tick <= until; tick += step * HOUR_MS) ticks.push(tick);
  return ticks;
}

/** The points as an SVG path in a picture so wide and high. */
export function pathOf(
  points: Point[],
  curve: Pick<Curve, "from" | "until">,
  most: number,
  width: number,
  height: number,
): string {
  return points
    .map(({ time, count }, index) => {
      const x = ((time - curve.from) / (curve.until - curve.from)) * width;
      const y = height - (count / Math.max(1, most)) * height;
      return `${index === 0 ? "M" : "L"}${x.toFixed(1)} ${y.toFixed(1)}`;
    })
    .join(" ");
}
