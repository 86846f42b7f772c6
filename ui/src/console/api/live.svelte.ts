// Follows the endpoint's events and says whether the line is up.
//
// The browser reconnects by itself after a break and continues where it was.
// When it gives up (the endpoint answered with an error), this starts anew
// after the last change that was heard; the endpoint says `reset` when it can
// not go back that far, and the listeners then read everything again.
import type { SlotChanged } from "@generated/SlotChanged";

/** Waits between attempts, in milliseconds; the last one repeats. */
const WAITS_MS = [1_000, 2_000, 4_000, 8_000, 15_000];

export type LineState = "connecting" | "live" | "down";

export interface Listener {
  /** One slot changed. */
  slot(change: SlotChanged): void;
  /** Anything may have changed. */
  reset(): void;
}

/** What of `EventSource` is used here. */
export interface Source {
  readyState: number;
  addEventListener(name: string, handler: (event: MessageEvent<string>) => void): void;
  close(): void;
}

const CLOSED = 2;

export class Live {
  state = $state<LineState>("connecting");
  #listeners: readonly Listener[] = [];
  #source: Source | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #attempt = 0;
  #wasOpen = false;
  /** Id of the last event heard. */
  #after: string | null = null;
  #open: (after: string | null) => Source;
  #check: () => Promise<unknown>;

  /** `check` is asked before starting anew: it notices an ended session. */
  constructor(open: (after: string | null) => Source, check: () => Promise<unknown>) {
    this.#open = open;
    this.#check = check;
  }

  /** Hears events until the returned function is called. */
  listen(listener: Listener): () => void {
    this.#listeners = [...this.#listeners, listener];
    return () => {
      this.#listeners = this.#listeners.filter((other) => other !== listener);
    };
  }

  start(): void {
    this.stop();
    this.state = "connecting";
    const source = this.#open(this.#after);
    this.#source = source;
    source.addEventListener("open", () => this.#opened());
    source.addEventListener("slot", (event) => this.#heard(event));
    source.addEventListener("reset", (event) => this.#reset(event));
    source.addEventListener("error", () => this.#broken(source));
  }

  /** Has everything read again: what was asked for without a session was refused. */
  renew(): void {
    for (const listener of this.#listeners) listener.reset();
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#source?.close();
    this.#source = null;
  }

  #opened(): void {
    this.state = "live";
    this.#attempt = 0;
    // Without a place to go on from, whatever happened meanwhile is unknown.
    if (this.#wasOpen && this.#after === null) this.renew();
    this.#wasOpen = true;
  }

  #heard(event: MessageEvent<string>): void {
    this.#after = event.lastEventId || this.#after;
    let change: SlotChanged;
    try {
      change = JSON.parse(event.data) as SlotChanged;
    } catch {
      return; // A line that cannot be read is made good by the next reading.
    }
    for (const listener of this.#listeners) listener.slot(change);
  }

  #reset(event: MessageEvent<string>): void {
    this.#after = event.lastEventId || this.#after;
    this.renew();
  }

  #broken(source: Source): void {
    if (source !== this.#source) return;
    this.state = "down";
    if (source.readyState !== CLOSED) return;
    const wait = WAITS_MS[Math.min(this.#attempt, WAITS_MS.length - 1)] ?? 1_000;
    this.#attempt += 1;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#again(), wait);
  }

  async #again(): Promise<void> {
    try {
      await this.#check();
    } catch {
      // Without a session the next start follows the sign-in; without an
      // endpoint, the attempt below fails and waits longer.
    }
    if (this.#source) this.start();
  }
}
