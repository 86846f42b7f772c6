// What a wall display shows one after the other.
import type { Contest } from "@generated/Contest";
import type { Region } from "@generated/Region";
import type { WallView } from "@generated/WallView";
import { contestIn, contestsOf } from "../state/contests";

/** How long the whole region stays, and each region below it, in milliseconds. */
const WHOLE_MS = 20_000;
const BELOW_MS = 10_000;

/** One contest in one region. */
export interface Slide {
  key: string;
  contest: Contest;
  region: Region;
  staysMs: number;
}

/** For each contest the whole region, then those below it that hold it. */
export function slidesOf(view: Pick<WallView, "contests" | "region" | "below">): Slide[] {
  const slides: Slide[] = [];
  for (const { id } of contestsOf(view.contests, view.region.code)) {
    for (const region of [view.region, ...view.below]) {
      const contest = contestIn(view.contests, id, region.code);
      if (!contest) continue;
      const staysMs = region === view.region ? WHOLE_MS : BELOW_MS;
      slides.push({ key: `${id}/${region.code}`, contest, region, staysMs });
    }
  }
  return slides;
}
