// Reads rows one by one, a few at a time, each at most once per wave.

/** Single rows that are read at the same time. */
const ROWS_AT_ONCE = 4;

export class Pump<T> {
  #waiting = new Set<string>();
  #isRunning = false;
  #read: (slot: string) => Promise<T | null>;
  #done: (read: T[]) => void;

  constructor(read: (slot: string) => Promise<T | null>, done: (read: T[]) => void) {
    this.#read = read;
    this.#done = done;
  }

  /** Asks for a row; asked twice before it is read, it is read once. */
  ask(slot: string): void {
    this.#waiting.add(slot);
    if (!this.#isRunning) void this.#run();
  }

  async #run(): Promise<void> {
    this.#isRunning = true;
    while (this.#waiting.size > 0) {
      const some = [...this.#waiting].slice(0, ROWS_AT_ONCE);
      for (const slot of some) this.#waiting.delete(slot);
      // A row that cannot be read now is made whole by its next event, or
      // when the list is read again.
      const answers = await Promise.allSettled(some.map((slot) => this.#read(slot)));
      this.#done(answers.flatMap((one) => (one.status === "fulfilled" ? (one.value ?? []) : [])));
    }
    this.#isRunning = false;
  }
}

/** Where each row stands. */
export function indexed(rows: { slot: string }[]): ReadonlyMap<string, number> {
  return new Map(rows.map((row, index) => [row.slot, index]));
}
