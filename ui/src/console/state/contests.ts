// Which contest is meant: ids are unique at a polling station, not in the
// election. Every city has its own mayor's contest with its own pairs.
import type { RegionalContest } from "@generated/RegionalContest";

/** The contest with this id that is held at a polling station or in a whole region. */
export function contestIn(
  contests: RegionalContest[],
  id: string,
  region: string,
): RegionalContest | null {
  return contests.find((held) => held.id === id && region.startsWith(held.region)) ?? null;
}

/** The contests of a region and of all it holds, one per id, with its title. */
export function contestsOf(
  contests: RegionalContest[],
  region: string,
): { id: string; title: string }[] {
  const found = new Map<string, string>();
  for (const { id, title, region: held } of contests) {
    const overlaps = region.startsWith(held) || held.startsWith(region);
    if (overlaps && !found.has(id)) found.set(id, title);
  }
  return [...found].map(([id, title]) => ({ id, title }));
}
