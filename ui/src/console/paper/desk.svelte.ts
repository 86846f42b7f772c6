// The desk where papers arrive: what was typed becomes a note of the endpoint,
// and what was noted stays in sight, the newest first.
import type { PaperAct } from "@generated/PaperAct";
import type { PaperLine } from "@generated/PaperLine";
import type { PapersAnswer } from "@generated/PapersAnswer";
import { CallFailure, codeOf, type FailureCode } from "../api/http";
import { partsOf } from "../api/calls";
import { meaningOf, villageOf } from "./meaning";

/** Most papers that stay in sight. */
const KEPT_MAX = 200;

export interface PaperCalls {
  station(tps: string): Promise<PapersAnswer>;
  note(slots: string[], act: PaperAct, note?: string): Promise<PapersAnswer>;
}

/** What came of something that was typed. */
export type Outcome =
  | { kind: "noted"; tps: string; isNew: boolean }
  | { kind: "village" }
  | { kind: "list"; code: string }
  | { kind: "folderless" | "villageless" | "unknown" | "not_here" }
  | { kind: "failed"; code: FailureCode };

export class PaperDesk {
  folder = $state("");
  /** Of the last polling station: its number alone is enough for the next one. */
  village = $state<string | null>(null);
  contest = $state<string | null>(null);
  rows = $state.raw<PaperLine[]>([]);
  active = $state(0);
  isBusy = $state(false);
  #calls: PaperCalls;

  constructor(calls: PaperCalls) {
    this.#calls = calls;
  }

  /** Notes that the papers of what was typed are in the present folder. */
  async take(text: string): Promise<Outcome> {
    const meaning = meaningOf(text, this.village);
    if (meaning.kind === "village") {
      this.village = meaning.code;
      return { kind: "village" };
    }
    if (meaning.kind !== "tps") return meaning;
    if (this.folder.trim() === "") return { kind: "folderless" };
    return this.#attempt(() => this.#arrive(meaning.tps));
  }

  async #arrive(tps: string): Promise<Outcome> {
    const { papers } = await this.#calls.station(tps);
    const contest = this.contest;
    const held = papers.filter(({ slot }) => contest === null || partsOf(slot).contest === contest);
    if (held.length === 0) return { kind: "not_here" };
    const slots = held.map(({ slot }) => slot);
    const answer = await this.#calls.note(slots, {
      act: "arrived",
      folder: this.folder.trim(),
    });
    this.village = villageOf(tps);
    this.show(answer.papers);
    const isNew = answer.unchanged.length < slots.length;
    return { kind: "noted", tps, isNew };
  }

  /** Notes something of the active row. */
  async mark(act: PaperAct, note?: string): Promise<Outcome | null> {
    const row = this.rows[this.active];
    if (row === undefined) return null;
    return this.#attempt(async () => {
      const answer = await this.#calls.note([row.slot], act, note);
      this.rows = this.rows.map(
        (known) => answer.papers.find(({ slot }) => slot === known.slot) ?? known,
      );
      return { kind: "noted", tps: partsOf(row.slot).tps, isNew: true };
    });
  }

  /** Puts papers on top; each is there once. */
  show(papers: PaperLine[]): void {
    const isAnew = (line: PaperLine) => papers.some(({ slot }) => slot === line.slot);
    this.rows = [...papers, ...this.rows.filter((line) => !isAnew(line))].slice(0, KEPT_MAX);
    this.active = 0;
  }

  step(by: number): void {
    this.active = Math.max(0, Math.min(this.active + by, this.rows.length - 1));
  }

  async #attempt(act: () => Promise<Outcome>): Promise<Outcome> {
    this.isBusy = true;
    try {
      return await act();
    } catch (cause) {
      if (cause instanceof CallFailure && cause.code === "not_found") return { kind: "not_here" };
      return { kind: "failed", code: codeOf(cause) };
    } finally {
      this.isBusy = false;
    }
  }
}
