// Sums over regions, and the shares that the pictures draw.
import type { RegionRollup } from "@generated/RegionRollup";

type Figures = { [key in string]: number };
type Ranges = { [key in string]: [number, number] };

/** The totals of several regions together. */
export interface Sum {
  tps: number;
  received: number;
  verified: number;
  conflict: number;
  /** Those whose paper is in the counting room, ruled on or not. */
  paper: number;
  /** Of these, those whose paper does not say what the photo says. */
  paperDiffers: number;
  votes: { verified: Figures; received: Figures; contested: Ranges };
  fields: { verified: Figures; received: Figures };
  candidates: { verified: Figures; received: Figures } | null;
}

export function sumOf(regions: RegionRollup[]): Sum {
  const count = (of: (region: RegionRollup) => number) =>
    regions.reduce((sum, region) => sum + of(region), 0);
  const isLegislative = regions.some((region) => region.candidates !== undefined);
  const none: Figures = {};
  return {
    tps: count((region) => region.tps),
    received: count((region) => region.received),
    verified: count((region) => region.verified),
    conflict: count((region) => region.conflict),
    paper: count((region) => region.paper),
    paperDiffers: count((region) => region.paper_differs),
    votes: {
      verified: added(regions.map((region) => region.votes.verified)),
      received: added(regions.map((region) => region.votes.received)),
      contested: addedRanges(regions.map((region) => region.votes.contested)),
    },
    fields: {
      verified: added(regions.map((region) => region.fields.verified)),
      received: added(regions.map((region) => region.fields.received)),
    },
    candidates: isLegislative
      ? {
          verified: added(regions.map((region) => region.candidates?.verified ?? none)),
          received: added(regions.map((region) => region.candidates?.received ?? none)),
        }
      : null,
  };
}

function added(parts: Figures[]): Figures {
  const sum: Figures = {};
  for (const part of parts) {
    for (const [id, value] of Object.entries(part)) sum[id] = (sum[id] ?? 0) + value;
  }
  return sum;
}

function addedRanges(parts: Ranges[]): Ranges {
  const sum: Ranges = {};
  for (const part of parts) {
    for (const [id, [low, high]] of Object.entries(part)) {
      const [lowest, highest] = sum[id] ?? [0, 0];
      sum[id] = [lowest + low, highest + high];
    }
  }
  return sum;
}

/** One option's part of the picture. */
export interface Share {
  ballotNumber: number;
  name: string;
  verified: number;
  received: number;
  contested: [number, number];
  /** Of all votes verified or received, 0 to 1; `null` while there are none. */
  share: number | null;
}

export function sharesOf(sum: Sum, options: { number: number; name: string }[]): Share[] {
  const votes = (id: string) => (sum.votes.verified[id] ?? 0) + (sum.votes.received[id] ?? 0);
  const all = options.reduce((total, { number }) => total + votes(String(number)), 0);
  return options.map(({ number, name }) => {
    const id = String(number);
    return {
      ballotNumber: number,
      name,
      verified: sum.votes.verified[id] ?? 0,
      received: sum.votes.received[id] ?? 0,
      contested: sum.votes.contested[id] ?? [0, 0],
      share: all === 0 ? null : votes(id) / all,
    };
  });
}

/** How wide so many votes are drawn, where the longest of these bars fills its place. */
export function widthIn(shares: Share[]): (votes: number) => string {
  const whole = (one: Share) => one.verified + one.received + one.contested[1];
  const most = Math.max(1, ...shares.map(whole));
  return (votes) => `${(100 * votes) / most}%`;
}

/** Where the polling stations of a region stand; the parts add up to `tps`. */
export interface Coverage {
  verified: number;
  conflict: number;
  waiting: number;
  missing: number;
}

/** The parts of a region's polling stations that do not overlap. */
export function coverageOf(of: {
  tps: number;
  received: number;
  verified: number;
  conflict: number;
}): Coverage {
  const waiting = Math.max(0, of.received - of.verified - of.conflict);
  return {
    verified: of.verified,
    conflict: of.conflict,
    waiting,
    missing: Math.max(0, of.tps - of.received),
  };
}
