// Short words about what was just done, shown and spoken.

/** How long a notice stays, in milliseconds. */
const STAYS_MS = 7_000;

export interface Notice {
  key: number;
  text: string;
  tone: "good" | "bad";
}

let shown = $state.raw<Notice[]>([]);
let last = 0;

export const notices = {
  get shown(): Notice[] {
    return shown;
  },
};

/** Says something that was done, or that could not be. */
export function notice(text: string, tone: Notice["tone"] = "good"): void {
  last += 1;
  const key = last;
  // Only the newest: it is about what was done last.
  shown = [{ key, text, tone }];
  setTimeout(() => dismiss(key), STAYS_MS);
}

export function dismiss(key: number): void {
  shown = shown.filter((other) => other.key !== key);
}
