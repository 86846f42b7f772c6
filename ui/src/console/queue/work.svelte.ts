// The items in one's hands: the one on the screen, and the next ones, loaded
// with their photos, so that nobody waits for them.
//
// What is held is the endpoint's to say; here it is only kept in the order in
// which it is worked on. An item that was decided leaves at once, and the gap
// at the end is filled behind the one that is on the screen by then.
import type { ClaimAnswer } from "@generated/ClaimAnswer";
import type { ClaimRequest } from "@generated/ClaimRequest";
import type { PhotoDetail } from "@generated/PhotoDetail";
import type { QueueItem } from "@generated/QueueItem";
import type { QueueKind } from "@generated/QueueKind";
import type { RenewAnswer } from "@generated/RenewAnswer";
import { codeOf, type FailureCode } from "../api/http";

/** Items held at a time, the one on the screen among them. */
export const HOLD = 3;
/** Photos of each waiting item that are loaded ahead. */
const PHOTOS_AHEAD = 3;
/** How long the first photo is let come before the next items are asked for, in milliseconds. */
const FIRST_PHOTO_MS = 300;

/** Which items to work on; `null` means any. */
export interface WorkFilter {
  region: string | null;
  contest: string | null;
  kind: QueueKind | null;
}

export interface WorkSource {
  claim(asked: ClaimRequest): Promise<ClaimAnswer>;
  renew(slot: string): Promise<RenewAnswer>;
  release(slots: string[], isSkipped: boolean): Promise<unknown>;
  /** Loads a photo so that it can be shown at once; settled when that is over. */
  load(sha256: string): Promise<void>;
}

export type WorkState = "reading" | "working" | "empty" | "failed";

export class Work {
  items = $state.raw<QueueItem[]>([]);
  filter = $state.raw<WorkFilter>({ region: null, contest: null, kind: null });
  failure = $state<FailureCode | null>(null);
  /** Whether the item on the screen was taken away: it has changed, or the claim lapsed. */
  isTaken = $state(false);
  #isAsked = $state(false);
  /** Decided or given up, and perhaps still in an answer that is on its way. */
  #gone: readonly string[] = [];
  #filling: Promise<void> | null = null;
  #isStopped = false;
  #source: WorkSource;

  constructor(source: WorkSource) {
    this.#source = source;
  }

  readonly current = $derived<QueueItem | null>(this.items[0] ?? null);
  readonly state = $derived<WorkState>(
    this.current ? "working" : this.failure ? "failed" : this.#isAsked ? "empty" : "reading",
  );

  /** Claims until there are enough; one at a time, however often it is asked for. */
  fill(): Promise<void> {
    this.#filling ??= this.#fill().finally(() => {
      this.#filling = null;
    });
    return this.#filling;
  }

  async #fill(): Promise<void> {
    // The first is on the screen as soon as it is here, with its photo: those
    // behind it would only hold it up.
    if (!this.current) {
      await this.#claim(1);
      const [first] = this.items.flatMap(photosHere);
      if (first) await Promise.race([this.#source.load(first.sha256), after(FIRST_PHOTO_MS)]);
    }
    if (this.current) await this.#claim(HOLD);
  }

  async #claim(hold: number): Promise<void> {
    if (this.#isStopped) return;
    const { region, contest, kind } = this.filter;
    const before = this.current?.slot ?? null;
    const asked = {
      ...(region === null ? {} : { region }),
      ...(contest === null ? {} : { contest }),
      kinds: kind === null ? [] : [kind],
      hold,
      known: this.items.map(({ slot, tag }) => ({ slot, tag })),
    };
    const gone = this.#gone;
    try {
      this.#take(await this.#source.claim(asked), hold === 1 ? 1 : PHOTOS_AHEAD);
      this.failure = null;
      // What was gone before this was asked cannot turn up in a later answer.
      this.#gone = this.#gone.filter((slot) => !gone.includes(slot));
    } catch (cause) {
      this.failure = codeOf(cause);
    }
    this.#isAsked = true;
    if (this.#isStopped) void this.#source.release([], false).catch(() => undefined);
    if (this.current && this.current.slot !== before) this.shown();
  }

  #take(answer: ClaimAnswer, photosAhead: number): void {
    // What is known already is not told again.
    const known = [...answer.items, ...this.items];
    const slots = answer.held.filter((slot) => !this.#gone.includes(slot));
    const held = slots.flatMap((one) => known.find(({ slot }) => slot === one) ?? []);
    const { current } = this;
    const present = held.find(({ slot }) => slot === current?.slot) ?? null;
    const isSame = present !== null && present.task.way === current?.task.way;
    if (current && !isSame) this.isTaken = true;
    // What is on the screen does not change under one's eyes.
    const first = current ? [isSame ? refreshed(current, present) : current] : [];
    const items = [...first, ...held.filter(({ slot }) => slot !== first[0]?.slot)];
    // Before they are drawn, so that photos come in meanwhile.
    for (const { sha256 } of items.flatMap((item) => photosHere(item).slice(0, photosAhead)))
      void this.#source.load(sha256);
    this.items = items;
  }

  /** The item on the screen is done with: on to the next, which is here already. */
  advance(): void {
    const done = this.current;
    if (!done) return;
    this.#gone = [...this.#gone, done.slot];
    this.isTaken = false;
    this.items = this.items.slice(1);
    this.shown();
    void this.#refill();
  }

  async #refill(): Promise<void> {
    // An answer that was asked for before does not know of the gap yet.
    await this.#filling;
    await this.fill();
  }

  /** Passes the item on the screen over; it comes back when it changes. */
  async skip(): Promise<void> {
    const { current } = this;
    if (!current) return;
    const giving = this.#source.release([current.slot], true);
    this.#gone = [...this.#gone, current.slot];
    this.items = this.items.slice(1);
    this.shown();
    await giving.catch(() => undefined);
    await this.#refill();
  }

  /** From now on other items; the one on the screen is finished first. */
  async narrow(filter: WorkFilter): Promise<void> {
    this.filter = filter;
    const ahead = this.items.slice(1).map(({ slot }) => slot);
    this.items = this.items.slice(0, 1);
    if (ahead.length > 0) await this.#source.release(ahead, false).catch(() => undefined);
    await this.#refill();
  }

  /** Says that the item is on the screen, and keeps the claims alive. */
  shown(): void {
    const { current } = this;
    if (!current) return;
    this.#source.renew(current.slot).then(
      ({ held }) => {
        if (this.current?.slot === current.slot && !held.includes(current.slot))
          this.isTaken = true;
      },
      // The header says that the line is down; the next time renews.
      () => undefined,
    );
  }

  /** Gives everything up. */
  stop(): void {
    this.#isStopped = true;
    this.items = [];
    void this.#source.release([], false).catch(() => undefined);
  }
}

/** The photos that may be seen of an item. */
export function photosOf({ task }: QueueItem): PhotoDetail[] {
  return task.way === "blind" ? task.sheet.photos : task.detail.photos;
}

function photosHere(item: QueueItem): PhotoDetail[] {
  return photosOf(item).filter((photo) => photo.is_received);
}

function after(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

/** The item on the screen, with what has arrived of its photos. */
function refreshed(shown: QueueItem, present: QueueItem): QueueItem {
  const isBlind = shown.task.way === "blind" && present.task.way === "blind";
  return isBlind ? present : shown;
}
