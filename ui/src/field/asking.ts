/** Asks for something that changes, one question at a time. Answers never overtake
 *  each other so that an old one would stay on the screen, and a change that comes
 *  while one is awaited is asked for after it. */
export class Asking {
  readonly #ask: () => Promise<void>;
  #asked: Promise<void> | null = null;
  #again = false;

  /** `ask` puts its answer where it belongs, and its failure too: it never throws. */
  constructor(ask: () => Promise<void>) {
    this.#ask = ask;
  }

  /** Asks, or asks once more; done when an answer to a question put after this call is there. */
  async now(): Promise<void> {
    this.#again = true;
    this.#asked ??= this.#untilNew();
    await this.#asked;
  }

  async #untilNew(): Promise<void> {
    try {
      while (this.#again) {
        this.#again = false;
        await this.#ask();
      }
    } finally {
      // In the same breath as the last look: no call falls in between.
      this.#asked = null;
    }
  }
}
