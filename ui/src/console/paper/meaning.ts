// What somebody at the paper desk typed or scanned: pure, all digits, so that a
// letter can be a key meanwhile.

export type Meaning =
  | { kind: "tps"; tps: string }
  | { kind: "village"; code: string }
  | { kind: "list"; code: string }
  /** A number in a village, while no village is known. */
  | { kind: "villageless" }
  | { kind: "unknown" };

const TPS_DIGITS = 13;
const VILLAGE_DIGITS = 10;
const LIST_DIGITS = 8;
/** Digits of a polling station's number in its village. */
const NUMBER_DIGITS = 3;

/** What the text means, where `village` is the one of the last polling station. */
export function meaningOf(text: string, village: string | null): Meaning {
  const digits = text.replace(/[\s.-]/g, "");
  if (!/^\d+$/.test(digits)) return { kind: "unknown" };
  if (digits.length === TPS_DIGITS) return { kind: "tps", tps: digits };
  if (digits.length === VILLAGE_DIGITS) return { kind: "village", code: digits };
  if (digits.length === LIST_DIGITS && hasCheckDigit(digits)) return { kind: "list", code: digits };
  if (digits.length <= NUMBER_DIGITS && Number(digits) > 0) {
    if (village === null) return { kind: "villageless" };
    return { kind: "tps", tps: village + digits.padStart(NUMBER_DIGITS, "0") };
  }
  return { kind: "unknown" };
}

/** Whether the last digit is the check digit (Luhn) of those before it. */
function hasCheckDigit(digits: string): boolean {
  const sum = [...digits].reverse().reduce((all, digit, at) => {
    const value = Number(digit) * (at % 2 === 1 ? 2 : 1);
    return all + (value > 9 ? value - 9 : value);
  }, 0);
  return sum % 10 === 0;
}

export const villageOf = (tps: string) => tps.slice(0, VILLAGE_DIGITS);
