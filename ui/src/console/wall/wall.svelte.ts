// What a wall display knows: its slides, the totals of each as last read, and
// whether the line to the endpoint is up.
//
// It goes on showing what it has while the line is down, and says since when.
// A link that is no longer valid ends it: then nothing of the totals stays.
import type { WallNews } from "@generated/WallNews";
import type { WallTotals } from "@generated/WallTotals";
import type { WallView } from "@generated/WallView";
import { SvelteMap } from "svelte/reactivity";
import { CallFailure } from "../api/http";
import type { WallCalls } from "./calls";
import { slidesOf, type Slide } from "./slides";

/** Shortest time between two readings because of news, in milliseconds. */
const PAUSE_MS = 1_000;
/** Waits after failed attempts, in milliseconds; the last one repeats. */
const WAITS_MS = [1_000, 2_000, 5_000, 10_000];

export type WallLine = "connecting" | "live" | "down" | "ended";

export class Wall {
  view = $state.raw<WallView | null>(null);
  line = $state<WallLine>("connecting");
  /** When the endpoint last answered, in milliseconds since 1970. */
  heardAt = $state<number | null>(null);
  slides = $derived<Slide[]>(this.view ? slidesOf(this.view) : []);
  #at = $state(0);
  #read = new SvelteMap<string, WallTotals>();
  #calls: WallCalls;
  #failures = 0;
  #isStopped = false;
  #timers: ReturnType<typeof setTimeout>[] = [];

  constructor(calls: WallCalls) {
    this.#calls = calls;
  }

  /** Number of the slide that is shown, from 0. */
  get at(): number {
    return this.#at;
  }
  get slide(): Slide | null {
    return this.slides[this.#at] ?? null;
  }
  /** What was last read of the slide that is shown. */
  get totals(): WallTotals | null {
    return this.slide ? (this.#read.get(this.slide.key) ?? null) : null;
  }

  /** Shows and follows until `stop`. */
  start(): void {
    this.#isStopped = false;
    void this.#begin();
  }

  stop(): void {
    this.#isStopped = true;
    for (const timer of this.#timers) clearTimeout(timer);
    this.#timers = [];
  }

  async #begin(): Promise<void> {
    while (!this.#isOver) {
      const view = await this.#asked(() => this.#calls.view());
      if (view) {
        this.view = view;
        break;
      }
      await this.#wait(this.#backOffMs);
    }
    await this.#readSlide(0);
    void this.#rotate();
    void this.#follow();
  }

  /** From slide to slide. The next one is read before it is shown. */
  async #rotate(): Promise<void> {
    while (!this.#isOver) {
      await this.#wait(this.slide?.staysMs ?? PAUSE_MS);
      if (this.#isOver || this.slides.length === 0) return;
      const next = (this.#at + 1) % this.slides.length;
      await this.#readSlide(next);
      // Without an answer and nothing read earlier there is nothing to show.
      const slide = this.slides[next];
      if (slide && this.#read.has(slide.key)) this.#at = next;
    }
  }

  /** Reads the shown slide anew when something has changed. */
  async #follow(): Promise<void> {
    let after: number | null = null;
    while (!this.#isOver) {
      const before: number | null = after;
      const news: WallNews | null = await this.#asked(() => this.#calls.news(before));
      if (this.#isOver) return;
      if (!news) {
        await this.#wait(this.#backOffMs);
        continue;
      }
      after = news.log_index;
      if (after !== before) await this.#readSlide(this.#at);
      await this.#wait(PAUSE_MS);
    }
  }

  async #readSlide(at: number): Promise<void> {
    const slide = this.slides[at];
    if (!slide) return;
    const totals = await this.#asked(() => this.#calls.totals(slide.contest.id, slide.region.code));
    if (totals) this.#read.set(slide.key, totals);
  }

  /** What the endpoint answers, or `null`; either way it is known how the line stands. */
  async #asked<T>(ask: () => Promise<T>): Promise<T | null> {
    try {
      const answer = await ask();
      if (this.#isOver) return null;
      this.line = "live";
      this.heardAt = Date.now();
      this.#failures = 0;
      return answer;
    } catch (cause) {
      if (cause instanceof CallFailure && cause.status === 401) this.#end();
      else if (this.line !== "ended") this.line = this.view ? "down" : "connecting";
      this.#failures += 1;
      return null;
    }
  }

  #end(): void {
    this.line = "ended";
    this.view = null;
    this.#read.clear();
    this.stop();
  }

  get #isOver(): boolean {
    return this.#isStopped || this.line === "ended";
  }
  get #backOffMs(): number {
    return WAITS_MS[Math.min(this.#failures, WAITS_MS.length) - 1] ?? PAUSE_MS;
  }
  #wait(ms: number): Promise<void> {
    return new Promise((done) => {
      const timer = setTimeout(() => {
        this.#timers = this.#timers.filter((other) => other !== timer);
        done();
      }, ms);
      this.#timers.push(timer);
    });
  }
}
