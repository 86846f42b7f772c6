// One slot on the coordinator's desk: what was seen of it, what is chosen or
// typed, and the ruling that is made on exactly what was seen.
//
// Nothing that a ruling should consider changes under the coordinator's eyes:
// it waits until it is asked for, or until the endpoint turns a ruling down
// because of it.
import type { DecisionRequest } from "@generated/DecisionRequest";
import type { FormLayout } from "@generated/FormLayout";
import type { SlotDetail } from "@generated/SlotDetail";
import { CallFailure, codeOf, type FailureCode } from "../api/http";
import {
  chosenAtFirst,
  columnsOf,
  differing,
  draftOf,
  undisputed,
  type Column,
  type Draft,
} from "./heads";
import { isWorthALook, newsBetween, type News } from "./news";
import { paperOf } from "./paper";

export interface DeskSource {
  read(slot: string): Promise<SlotDetail>;
  /** What was read before it was asked for, if anything. */
  ahead(slot: string): Promise<SlotDetail | null>;
  rule(slot: string, etag: string, request: DecisionRequest): Promise<unknown>;
}

export interface DeskWays {
  /** Whether a ruling leads on to another slot, so that this one is not read again. */
  isLeftWhenRuled?: boolean;
  /** Further columns beside those of the slot. */
  beside?: Column[];
}

export type Outcome = "done" | "changed" | "failed";

export class Desk {
  readonly slot: string;
  seen = $state.raw<SlotDetail | null>(null);
  /** The present state, when it has something new that is not shown yet. */
  newer = $state.raw<SlotDetail | null>(null);
  /** What was new when the endpoint turned a ruling down. */
  turnedDown = $state.raw<News | null>(null);
  /** Key of the chosen column. */
  chosen = $state<string | null>(null);
  /** Own figures as typed; `null` when none are being typed. */
  typed = $state.raw<Record<string, string> | null>(null);
  isBusy = $state(false);
  failure = $state<FailureCode | null>(null);
  #source: DeskSource;
  #forms: FormLayout[];
  #beside = $state.raw<Column[]>([]);
  readonly #isLeftWhenRuled: boolean;

  constructor(slot: string, forms: FormLayout[], source: DeskSource, ways: DeskWays = {}) {
    this.slot = slot;
    this.#beside = ways.beside ?? [];
    this.#isLeftWhenRuled = ways.isLeftWhenRuled ?? false;
    this.#forms = forms;
    this.#source = source;
  }

  readonly layout = $derived.by<FormLayout | null>(
    () => this.#forms.find((form) => form.id === this.seen?.contest.form) ?? null,
  );
  readonly pages = $derived(
    this.seen && this.layout ? paperOf(this.layout, this.seen.contest) : [],
  );
  readonly columns = $derived(this.seen ? [...columnsOf(this.seen), ...this.#beside] : []);
  readonly different = $derived(
    differing(this.columns.filter(({ kind }) => kind === "head" || kind === "reading")),
  );
  readonly draft = $derived.by<Draft | null>(() =>
    this.typed && this.layout && this.seen
      ? draftOf(this.typed, this.layout, this.seen.contest)
      : null,
  );
  readonly waiting = $derived.by<News | null>(() =>
    this.seen && this.newer ? newsBetween(this.seen, this.newer) : null,
  );

  /** Reads the slot, with what was read ahead until that is there. */
  async open(): Promise<void> {
    const early = await this.#source.ahead(this.slot);
    if (early) {
      this.show(early);
      await this.lookAgain();
    } else {
      await this.read();
    }
  }

  async read(): Promise<void> {
    try {
      this.show(await this.#source.read(this.slot));
      this.failure = null;
    } catch (cause) {
      this.failure = codeOf(cause);
    }
  }

  /** After an event: photos are shown at once, anything else waits to be asked for. */
  async lookAgain(): Promise<void> {
    if (this.isBusy) return;
    if (!this.seen) return this.read();
    let present: SlotDetail;
    try {
      present = await this.#source.read(this.slot);
    } catch {
      return; // The header says that the line is down; the next event asks again.
    }
    if (!this.seen || this.isBusy) return;
    const news = newsBetween(this.seen, present);
    if (isWorthALook(news)) this.newer = present;
    else if (news.photos > 0 || present.etag !== this.seen.etag) this.show(present);
    else if (hasGrown(this.seen, present)) this.seen = { ...this.seen, photos: present.photos };
  }

  showNewer(): void {
    if (this.newer) this.show(this.newer);
  }

  choose(index: number): void {
    const column = this.columns[index];
    if (column) this.chosen = column.key;
  }

  /** Begins own figures with those of the chosen column, or with what all agree on. */
  edit(): void {
    const chosen = this.columns.find((column) => column.key === this.chosen);
    const from = chosen?.counts ?? undisputed(this.columns);
    const entries = Object.entries(from).map(([id, value]) => [id, String(value)] as const);
    this.typed = Object.fromEntries(entries);
  }

  type(id: string, text: string): void {
    if (this.typed) this.typed = { ...this.typed, [id]: text };
  }

  stopEditing(): void {
    this.typed = null;
  }

  /** The ruling that the figures are right: own ones, or else the chosen column's. */
  verification(): DecisionRequest | null {
    if (this.draft) {
      const { counts } = this.draft;
      return Object.keys(counts).length > 0 ? { kind: "verify", counts } : null;
    }
    const column = this.columns.find(({ key }) => key === this.chosen);
    if (!column) return null;
    if (column.kind === "head") return { kind: "verify", chosen: column.head.rev_id };
    return { kind: "verify", counts: column.counts };
  }

  /** Rules on what was seen. */
  async rule(request: DecisionRequest): Promise<Outcome> {
    if (!this.seen || this.isBusy) return "failed";
    this.isBusy = true;
    this.failure = null;
    try {
      await this.#source.rule(this.slot, this.seen.etag, request);
      if (this.#isLeftWhenRuled) return "done";
      this.typed = null;
      await this.read();
      return "done";
    } catch (cause) {
      const present = presentIn(cause);
      if (!present) {
        this.failure = codeOf(cause);
        return "failed";
      }
      this.turnedDown = newsBetween(this.seen, present);
      this.show(present);
      return "changed";
    } finally {
      this.isBusy = false;
    }
  }

  /** Puts a slot on the desk as it was read. */
  show(slot: SlotDetail): void {
    this.seen = slot;
    this.newer = null;
    const columns = columnsOf(slot);
    if (!columns.some((column) => column.key === this.chosen)) {
      this.chosen = chosenAtFirst(slot, columns);
    }
  }
}

/** Whether more has arrived of a photo that is not complete. */
function hasGrown(before: SlotDetail, now: SlotDetail): boolean {
  const here = (slot: SlotDetail) => slot.photos.map((photo) => photo.received_bytes).join();
  return here(before) !== here(now);
}

/** The present state in the body of a 412. */
function presentIn(cause: unknown): SlotDetail | null {
  if (!(cause instanceof CallFailure) || cause.code !== "precondition_failed") return null;
  const { body } = cause;
  if (typeof body !== "object" || body === null || !("present" in body)) return null;
  return body.present as SlotDetail;
}
