// The entries on the screen: read page by page, newest first, and what is new
// put on top of them.
import type { AuditAnswer } from "@generated/AuditAnswer";
import type { AuditEntry } from "@generated/AuditEntry";
import type { AuditFilter } from "@generated/AuditFilter";
import { codeOf, type FailureCode } from "../api/http";
import type { Names } from "./names";

/** Entries that stay on the screen while new ones come. */
const KEPT_ENTRIES = 2_000;

export type ReadPage = (
  filter: AuditFilter,
  where?: { before?: number; after?: number },
) => Promise<AuditAnswer>;

export class Trail {
  filter = $state.raw<AuditFilter>({});
  entries = $state.raw<AuditEntry[]>([]);
  names = $state.raw<Names>({});
  /** The log's newest entry, whatever the filter. */
  newest = $state(0);
  isReading = $state(false);
  failure = $state<FailureCode | null>(null);
  #next = $state<number | null>(null);
  #generation = 0;
  #read: ReadPage;

  constructor(read: ReadPage) {
    this.#read = read;
  }

  get hasMore(): boolean {
    return this.#next !== null;
  }

  /** Reads anew from the newest entry. */
  async open(filter: AuditFilter): Promise<void> {
    const generation = (this.#generation += 1);
    this.filter = filter;
    this.isReading = true;
    await this.#ask(generation, {}, (answer) => {
      this.entries = answer.entries;
      this.names = answer.names;
      this.#next = answer.next;
    });
  }

  /** Reads the next older page. */
  async more(): Promise<void> {
    if (this.isReading || this.#next === null) return;
    this.isReading = true;
    await this.#ask(this.#generation, { before: this.#next }, (answer) => {
      this.entries = [...this.entries, ...answer.entries];
      this.#next = answer.next;
    });
  }

  /** Puts what has come since on top; nothing changes while something is read. */
  async tail(): Promise<void> {
    if (this.isReading) return;
    const generation = this.#generation;
    const after = Math.max(this.newest, this.entries[0]?.log_index ?? 0);
    await this.#ask(generation, { after }, (answer) => {
      // More than a page has come: what lies between would be missing.
      if (answer.next !== null) {
        this.entries = answer.entries;
        this.#next = answer.next;
        return;
      }
      if (answer.entries.length === 0) return;
      const all = [...answer.entries, ...this.entries];
      this.entries = all.slice(0, KEPT_ENTRIES);
      if (all.length > KEPT_ENTRIES) this.#next = this.entries.at(-1)?.log_index ?? null;
    });
  }

  async #ask(
    generation: number,
    where: { before?: number; after?: number },
    put: (answer: AuditAnswer) => void,
  ): Promise<void> {
    try {
      const answer = await this.#read(this.filter, where);
      if (generation !== this.#generation) return;
      put(answer);
      this.names = { ...this.names, ...answer.names };
      this.newest = answer.newest;
      this.failure = null;
    } catch (cause) {
      if (generation === this.#generation) this.failure = codeOf(cause);
    } finally {
      if (generation === this.#generation) this.isReading = false;
    }
  }
}
