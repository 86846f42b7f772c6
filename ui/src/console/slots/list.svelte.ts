// The list of slots: read page by page, kept current row by row.
//
// A row never jumps away under the reader's eyes: a slot that leaves the
// filter stays where it is, with its new state, until the list is read again;
// one that enters it is only counted.
import type { SlotChanged } from "@generated/SlotChanged";
import type { SlotSummary } from "@generated/SlotSummary";
import type { SlotsAnswer } from "@generated/SlotsAnswer";
import { partsOf, type SlotFilter } from "../api/calls";
import { codeOf, type FailureCode } from "../api/http";
import { EVERYTHING } from "../state/route";
import { indexed, Pump } from "./pump";

/** Rows that are read again after a break in the line; the rest follows by scrolling. */
const REREAD_ROWS_MAX = 1_000;

export interface ListSource {
  page(filter: SlotFilter, after: string | null): Promise<SlotsAnswer>;
  one(slot: string): Promise<SlotSummary | null>;
}

export class SlotList {
  filter = $state.raw<SlotFilter>(EVERYTHING);
  rows = $state.raw<SlotSummary[]>([]);
  /** The slot one stands on. */
  active = $state<string | null>(null);
  isReading = $state(false);
  isComplete = $state(false);
  failure = $state<FailureCode | null>(null);
  /** Slots that match the filter by now and are not in the list. */
  fresh = $state.raw<readonly string[]>([]);
  #next: string | null = null;
  #index = indexed([]);
  #pump: Pump<SlotSummary>;
  #generation = 0;
  #source: ListSource;

  constructor(source: ListSource) {
    this.#source = source;
    this.#pump = new Pump(source.one, (read) => this.#merge(read));
  }

  /** Reads the list anew when the filter is another one. */
  async open(filter: SlotFilter): Promise<void> {
    const isSame = key(filter) === key(this.filter) && this.#generation > 0;
    if (isSame) return;
    this.filter = filter;
    // What was opened by its address, before there was a list, stays active.
    if (this.#generation > 0) this.active = null;
    this.#put([]);
    await this.reread();
  }

  /** Reads what is shown again, as many rows as there are. */
  async reread(): Promise<void> {
    const generation = (this.#generation += 1);
    const wanted = Math.min(this.rows.length, REREAD_ROWS_MAX);
    this.fresh = [];
    this.isReading = true;
    this.failure = null;
    const rows: SlotSummary[] = [];
    let next: string | null = null;
    try {
      do {
        const answer: SlotsAnswer = await this.#source.page(this.filter, next);
        if (generation !== this.#generation) return;
        rows.push(...answer.slots);
        next = answer.next;
      } while (next !== null && rows.length < wanted);
      this.#finish(rows, next);
    } catch (cause) {
      this.#fail(generation, cause);
    }
  }

  /** Reads the next page, unless it is being read or there is none. */
  async more(): Promise<void> {
    if (this.isReading || this.isComplete) return;
    const generation = this.#generation;
    this.isReading = true;
    this.failure = null;
    try {
      const answer = await this.#source.page(this.filter, this.#next);
      if (generation === this.#generation) {
        this.#finish([...this.rows, ...answer.slots], answer.next);
      }
    } catch (cause) {
      this.#fail(generation, cause);
    }
  }

  /** The slot `step` rows from the active one; reads on when it stands beyond. */
  async step(step: number): Promise<string | null> {
    const from = this.active === null ? undefined : this.#index.get(this.active);
    const index = from === undefined ? 0 : from + step;
    if (index < 0) return null;
    if (index >= this.rows.length) await this.more();
    const row = this.rows[index];
    if (row) this.active = row.slot;
    return row?.slot ?? null;
  }

  /** The row after the active one, if it is read already. */
  get following(): SlotSummary | null {
    return this.rows[this.position + 1] ?? null;
  }

  /** Index of the active row; -1 when none is. */
  get position(): number {
    const { rows, active } = this;
    return active === null ? -1 : rows.findIndex((row) => row.slot === active);
  }

  /** Takes a change in: the row's state at once, the rest of it when read. */
  changed(change: SlotChanged): void {
    const index = this.#index.get(change.slot);
    const row = index === undefined ? undefined : this.rows[index];
    if (index === undefined || !row) {
      if (this.#mayEnter(change)) this.#pump.ask(change.slot);
      return;
    }
    if (row.state !== change.state) {
      this.rows = this.rows.with(index, { ...row, state: change.state });
    }
    this.#pump.ask(change.slot);
  }

  #mayEnter({ slot, tps, state }: SlotChanged): boolean {
    const { region, contest, state: wanted } = this.filter;
    if (region !== null && !tps.startsWith(region)) return false;
    if (contest !== null && partsOf(slot).contest !== contest) return false;
    if (wanted !== null && state !== wanted) return false;
    // In another order than by place it is not known where it belongs.
    if (this.filter.order !== null) return true;
    // What stands beyond the rows that are read comes with the next page.
    const last = this.rows.at(-1);
    return this.isComplete || (last !== undefined && slot < last.slot);
  }

  #merge(read: SlotSummary[]): void {
    const rows = [...this.rows];
    const fresh = [...this.fresh];
    for (const summary of read) {
      const index = this.#index.get(summary.slot);
      if (index !== undefined) rows[index] = summary;
      else if (matches(this.filter, summary) && !fresh.includes(summary.slot)) {
        fresh.push(summary.slot);
      }
    }
    this.rows = rows;
    this.fresh = fresh;
  }

  #finish(rows: SlotSummary[], next: string | null): void {
    this.#put(rows);
    this.#next = next;
    this.isComplete = next === null;
    this.isReading = false;
  }

  #fail(generation: number, cause: unknown): void {
    if (generation !== this.#generation) return;
    this.isReading = false;
    this.failure = codeOf(cause);
  }

  #put(rows: SlotSummary[]): void {
    this.rows = rows;
    this.#index = indexed(rows);
    if (rows.length === 0) {
      this.isComplete = false;
      this.#next = null;
    }
  }
}

/** Whether a slot belongs to the filter. */
export function matches(filter: SlotFilter, row: SlotSummary): boolean {
  const { tps, contest } = partsOf(row.slot);
  return (
    (filter.region === null || tps.startsWith(filter.region)) &&
    (filter.contest === null || contest === filter.contest) &&
    (filter.state === null || row.state === filter.state) &&
    (filter.mark === null || row.marks.includes(filter.mark))
  );
}

function key({ region, contest, state, mark, order }: SlotFilter): string {
  return JSON.stringify([region, contest, state, mark, order]);
}
