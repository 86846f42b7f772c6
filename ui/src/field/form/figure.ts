// What a box takes: digits, at most as many as the paper has. The device checks
// the same again; this is only so that the answer comes with the keystroke.

export type Keyed = { text: string; isTaken: true } | { isTaken: false };

/** The text of a box after a keystroke or paste, or that it is not a figure. */
export function keyed(raw: string, digits: number): Keyed {
  const text = raw.trim();
  const isFigure = /^[0-9]*$/.test(text) && text.length <= digits;
  return isFigure ? { text, isTaken: true } : { isTaken: false };
}

/** Sum of the boxes that hold a figure, or `null` when none does. */
export function sumOf(texts: (string | undefined)[]): number | null {
  const figures = texts.filter((text) => text !== undefined && text !== "").map(Number);
  return figures.length ? figures.reduce((sum, figure) => sum + figure, 0) : null;
}
