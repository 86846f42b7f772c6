// Reads again when something changed, but not more often than is useful.

/** Shortest time between two readings, in milliseconds. */
const PAUSE_MS = 2_000;

export class Refresh {
  #read: () => Promise<void>;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(read: () => Promise<void>) {
    this.#read = read;
  }

  /** Asks for a reading; many asks within the pause are one. */
  ask(): void {
    this.#timer ??= setTimeout(() => {
      void this.#read().finally(() => (this.#timer = undefined));
    }, PAUSE_MS);
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }
}
