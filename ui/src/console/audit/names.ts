// What entries name by ids and codes, for people to read.
import { partsOf } from "../api/calls";

export type Names = Record<string, string | undefined>;

/** Digits of a village's code in a polling station's. */
const VILLAGE_DIGITS = 10;

/** `TPS 003 Sambutan`. */
export function stationName(tps: string, names: Names): string {
  const village = names[tps.slice(0, VILLAGE_DIGITS)] ?? tps.slice(0, VILLAGE_DIGITS);
  return `TPS ${tps.slice(VILLAGE_DIGITS)} ${village}`;
}

/** `TPS 003 Sambutan (gub)`. */
export function slotName(slot: string, names: Names): string {
  const { tps, contest } = partsOf(slot);
  return `${stationName(tps, names)} (${contest})`;
}

/** Whose device it is. */
export const deviceName = (device: string, names: Names): string => names[device] ?? device;

/** The first of several slots, and how many more there are. */
export function slotNames(slots: string[], names: Names, others: (n: number) => string): string {
  const [first] = slots;
  if (first === undefined) return "–";
  const more = slots.length - 1;
  return slotName(first, names) + (more > 0 ? ` ${others(more)}` : "");
}

/** A hash as people compare it: its first two blocks. */
export const brief = (hash: string): string => `${hash.slice(0, 4)} ${hash.slice(4, 8)}…`;
