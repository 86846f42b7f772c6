// The regions below a region. They do not change during an election, so each
// is read once.
import type { RegionsAnswer } from "@generated/RegionsAnswer";
import { readRegions } from "../api/calls";

const known = new Map<string, Promise<RegionsAnswer>>();

export function regionsWithin(code: string): Promise<RegionsAnswer> {
  const before = known.get(code);
  if (before) return before;
  const reading = readRegions(code);
  known.set(code, reading);
  reading.catch(() => known.delete(code));
  return reading;
}

/** Digits of the code of a polling station. */
const TPS_DIGITS = 13;
/** Digits of the codes of regions, province to polling station. */
const CODE_DIGITS = [2, 4, 6, 10, TPS_DIGITS];

/**
 * The region somebody means: a code inside `top`, or the name of one of these
 * regions (or the only one whose name holds the text).
 */
export function regionMeant(
  text: string,
  top: string,
  below: { code: string; name: string }[],
): string | null {
  const wanted = text.trim().toLowerCase();
  if (wanted === "") return null;
  const digits = wanted.replace(/[\s.]/g, "");
  if (/^\d+$/.test(digits) && CODE_DIGITS.includes(digits.length) && digits.startsWith(top)) {
    return digits;
  }
  const named = (name: string) => name.toLowerCase();
  const exact = below.find(({ name }) => named(name) === wanted);
  if (exact) return exact.code;
  const holding = below.filter(({ name }) => named(name).includes(wanted));
  return holding.length === 1 ? (holding[0]?.code ?? null) : null;
}
