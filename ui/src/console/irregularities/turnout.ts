// The picture of turnout against shares: where its points lie. Pure.
import type { TurnoutPoint } from "@generated/TurnoutPoint";

export interface Dot {
  tps: string;
  /** Voters who came as a share of the roll; above 1 where more came. */
  turnout: number;
  /** The option's share of all votes. */
  share: number;
  isFlagged: boolean;
}

/** The points for one option; stations without votes have none. */
export function dotsOf(points: TurnoutPoint[], option: string): Dot[] {
  return points.flatMap(({ tps, roll, came, votes, is_flagged }) => {
    const all = Object.values(votes).reduce<number>((sum, one) => sum + (one ?? 0), 0);
    if (all === 0 || roll === 0) return [];
    return [
      { tps, turnout: came / roll, share: (votes[option] ?? 0) / all, isFlagged: is_flagged },
    ];
  });
}

/** The right end of the turnout axis: all came, or more where more did, but not for ever. */
export function widest(dots: Dot[]): number {
  const most = dots.reduce((most, { turnout }) => Math.max(most, turnout), 1);
  return Math.min(2, Math.ceil(most * 10) / 10);
}

/** The value in the middle; 0 of none. */
export function middle(values: number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}

/** The points that lie farthest from the middle of all, the farthest first. */
export function outliers(dots: Dot[], most: number): Dot[] {
  const turnout = middle(dots.map((dot) => dot.turnout));
  const share = middle(dots.map((dot) => dot.share));
  const distance = (dot: Dot) => Math.hypot(dot.turnout - turnout, dot.share - share);
  return [...dots].sort((a, b) => distance(b) - distance(a)).slice(0, most);
}
