// What differences come to, over all regions. Pure.
import type { OfficialRegion } from "@generated/OfficialRegion";

export interface Sum {
  compared: number;
  differ: number;
  /** By ballot number. */
  votes: Record<string, { ours: number; official: number }>;
}

export function sumOf(regions: OfficialRegion[]): Sum {
  const sum: Sum = { compared: 0, differ: 0, votes: {} };
  for (const { compared, differ, votes } of regions) {
    sum.compared += compared;
    sum.differ += differ;
    for (const [number, one] of Object.entries(votes)) {
      if (!one) continue;
      const of = (sum.votes[number] ??= { ours: 0, official: 0 });
      of.ours += one.ours;
      of.official += one.official;
    }
  }
  return sum;
}

/** `+12`, `−3`, `0`: how far the official figure lies above ours. */
export function gap(ours: number, official: number, say: (value: number) => string): string {
  const by = official - ours;
  if (by === 0) return "0";
  return by > 0 ? `+${say(by)}` : `−${say(-by)}`;
}
