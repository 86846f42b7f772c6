// The form that is being keyed: what was typed, what does not add up, and
// saving it.
//
// What was typed is let go only once the endpoint has it. A form that does not
// add up is asked about once and then saved as it is: it is evidence.
import type { DeskEntries } from "@generated/DeskEntries";
import type { DeskEntryAnswer } from "@generated/DeskEntryAnswer";
import type { DeskEntryRequest } from "@generated/DeskEntryRequest";
import type { DeskForm } from "@generated/DeskForm";
import type { DeskSource } from "@generated/DeskSource";
import type { FormLayout } from "@generated/FormLayout";
import type { RegionalContest } from "@generated/RegionalContest";
import { codeOf, type FailureCode } from "../api/http";
import { contestIn } from "../state/contests";
import { draftOf, type Draft } from "../slot/heads";
import { paperOf } from "../slot/paper";

export interface EntrySource {
  form(slot: string): Promise<DeskForm>;
  enter(body: DeskEntryRequest): Promise<DeskEntryAnswer>;
  entries(before: number | null): Promise<DeskEntries>;
}

/** Sources that are keyed; workbooks are brought. */
export const KEYED: readonly DeskSource[] = ["paper", "phone"];

export type Saved = "saved" | "same" | "asked" | "empty" | "uncalled" | "failed";

export class Entry {
  form = $state.raw<DeskForm | null>(null);
  typed = $state.raw<Record<string, string>>({});
  source = $state<DeskSource>("paper");
  called = $state("");
  note = $state("");
  isBusy = $state(false);
  failure = $state<FailureCode | null>(null);
  /** Whether it was said that something does not add up. */
  isAsked = $state(false);
  mine = $state.raw<DeskEntries | null>(null);
  readonly #contests: RegionalContest[];
  readonly #forms: FormLayout[];
  readonly #source: EntrySource;
  /** The next form, read ahead so that nobody waits for it. */
  #ahead: { slot: string; form: Promise<DeskForm> } | null = null;
  #opening = 0;

  constructor(contests: RegionalContest[], forms: FormLayout[], source: EntrySource) {
    this.#contests = contests;
    this.#forms = forms;
    this.#source = source;
  }

  readonly contest = $derived.by<RegionalContest | null>(() => {
    if (!this.form) return null;
    const [, tps = "", contest = ""] = this.form.slot.split("/");
    return contestIn(this.#contests, contest, tps);
  });
  readonly layout = $derived.by<FormLayout | null>(
    () => this.#forms.find(({ id }) => id === this.contest?.form) ?? null,
  );
  readonly pages = $derived(this.layout && this.contest ? paperOf(this.layout, this.contest) : []);
  readonly draft = $derived.by<Draft | null>(() =>
    this.layout && this.contest ? draftOf(this.typed, this.layout, this.contest) : null,
  );
  readonly errors = $derived(
    this.draft?.findings.filter(({ severity }) => severity === "error").length ?? 0,
  );

  /** Opens a form; what was typed into the one before is gone. */
  async open(slot: string): Promise<void> {
    this.#opening += 1;
    const own = this.#opening;
    const ahead = this.#ahead?.slot === slot ? this.#ahead.form : null;
    try {
      const form = await (ahead ?? this.#source.form(slot));
      if (own === this.#opening) this.#show(form);
    } catch (cause) {
      if (own === this.#opening) this.failure = codeOf(cause);
    }
  }

  #show(form: DeskForm): void {
    this.form = form;
    this.failure = null;
    this.isAsked = false;
    const { own } = form;
    this.typed = Object.fromEntries(
      Object.entries(own?.counts ?? {}).map(([id, value]) => [id, String(value)]),
    );
    this.note = own?.note ?? "";
    if (own && KEYED.includes(own.source)) this.source = own.source;
    this.called = own?.called ?? "";
    this.#readAhead(form.next);
  }

  #readAhead(slot: string | null): void {
    if (slot === null) return;
    const form = this.#source.form(slot);
    // Its failure is told when it is opened.
    form.catch(() => undefined);
    this.#ahead = { slot, form };
  }

  type(id: string, text: string): void {
    this.typed = { ...this.typed, [id]: text };
    this.isAsked = false;
  }

  switchSource(): void {
    const at = KEYED.indexOf(this.source);
    this.source = KEYED[(at + 1) % KEYED.length] ?? "paper";
  }

  /** Saves what was typed; the first time that something does not add up, asks instead. */
  async save(): Promise<Saved> {
    const { form, draft } = this;
    if (!form || !draft || this.isBusy) return "failed";
    if (Object.keys(draft.counts).length === 0) return "empty";
    const called = this.called.trim();
    if (this.source === "phone" && called === "") return "uncalled";
    if (this.errors > 0 && !this.isAsked) {
      this.isAsked = true;
      return "asked";
    }
    this.isBusy = true;
    try {
      const note = this.note.trim();
      const answer = await this.#source.enter({
        slot: form.slot,
        source: this.source,
        counts: draft.counts,
        ...(this.source === "phone" ? { called } : {}),
        ...(note === "" ? {} : { note }),
        ...(form.own ? { after: form.own.rev_id } : {}),
      });
      this.failure = null;
      void this.readMine();
      return answer.is_new ? "saved" : "same";
    } catch (cause) {
      this.failure = codeOf(cause);
      return "failed";
    } finally {
      this.isBusy = false;
    }
  }

  /** Reads what oneself entered; a failure leaves the list as it is. */
  async readMine(): Promise<void> {
    try {
      this.mine = await this.#source.entries(null);
    } catch {
      // The header says that the line is down; the next save asks again.
    }
  }

  async readOlder(): Promise<void> {
    if (!this.mine || this.mine.next === null) return;
    const { entries } = this.mine;
    try {
      const older = await this.#source.entries(this.mine.next);
      this.mine = { ...older, entries: [...entries, ...older.entries] };
    } catch (cause) {
      this.failure = codeOf(cause);
    }
  }
}
