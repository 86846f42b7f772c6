// Changes on their way to the device's database: one at a time, in the order
// in which they were made, none skipped. What fails stays in line and is tried
// again before anything newer, so that the newest word always wins. Only what
// the device says it will never take leaves the line unwritten.

/** What the line looks like from outside. */
export interface QueueState<E> {
  /** Changes not yet in the database. */
  waiting: number;
  /** Why the first of them could not be written, until it could. */
  failure: E | null;
}

export class ChangeQueue<C, A, E> {
  readonly #send: (change: C) => Promise<A>;
  readonly #answered: (answer: A, isLast: boolean) => void;
  readonly #moved: (state: QueueState<E>) => void;
  readonly #failureOf: (thrown: unknown) => E;
  readonly #isFinal: (failure: E) => boolean;
  readonly #line: C[] = [];
  #failure: E | null = null;
  #working: Promise<void> | null = null;

  constructor(ports: {
    send: (change: C) => Promise<A>;
    /** Called with each answer; `isLast` when nothing newer waits. */
    answered: (answer: A, isLast: boolean) => void;
    moved: (state: QueueState<E>) => void;
    failureOf: (thrown: unknown) => E;
    /** Whether trying the same change again can never help. */
    isFinal: (failure: E) => boolean;
  }) {
    this.#send = ports.send;
    this.#answered = ports.answered;
    this.#moved = ports.moved;
    this.#failureOf = ports.failureOf;
    this.#isFinal = ports.isFinal;
  }

  /** Puts a change in line; the line starts moving at once. */
  push(change: C): void {
    this.#line.push(change);
    void this.flush();
  }

  /** Resolves when the line is empty (true) or has come to a halt (false). */
  async flush(): Promise<boolean> {
    this.#working ??= this.#work().finally(() => {
      this.#working = null;
    });
    await this.#working;
    return this.#line.length === 0;
  }

  async #work(): Promise<void> {
    this.#failure = null;
    this.#tell();
    for (let change = this.#line[0]; change !== undefined; change = this.#line[0]) {
      try {
        const answer = await this.#send(change);
        this.#line.shift();
        this.#answered(answer, this.#line.length === 0);
      } catch (thrown) {
        this.#failure = this.#failureOf(thrown);
        if (!this.#isFinal(this.#failure)) break;
        this.#line.shift();
      } finally {
        this.#tell();
      }
    }
  }

  #tell(): void {
    this.#moved({ waiting: this.#line.length, failure: this.#failure });
  }
}
