// One form being filled in.
//
// The texts in the boxes are the window's own, so that typing never waits; all
// that follows from them (words, sums, findings) is the device's answer to the
// newest change. Nothing is lost between the two: see `ChangeQueue`.
import type { BubbleQuestion } from "@generated/BubbleQuestion";
import type { DraftChange } from "@generated/DraftChange";
import type { DraftView } from "@generated/DraftView";
import type { Failure } from "@generated/Failure";
import type { FormView } from "@generated/FormView";
import type { SlotId } from "@generated/SlotId";
import { asFailure, device } from "@shared/backend";
import { ChangeQueue } from "./queue";
import { boxesOf, pagesOf, type Box, type PaperPage } from "./paper";
import { indexOfStep, stepsOf, type Step } from "./steps";

export class Form {
  readonly slot: SlotId;
  readonly number: string;
  readonly title: string;
  readonly layout: FormView["layout"];
  readonly pages: PaperPage[];
  readonly steps: Step[];
  readonly boxes: Box[];

  draft = $state() as DraftView;
  standing = $state() as FormView["standing"];
  stepIndex = $state(0);
  /** Box that has the focus, by count id. */
  active = $state<string | null>(null);
  /** Codes of the questions that stood there when `active` got the focus. */
  before = $state.raw<string[]>([]);
  waiting = $state(0);
  failure = $state<Failure | null>(null);
  /** Photos of which the witness has seen what is doubtful, and let it pass. */
  accepted = $state<number[]>([]);

  readonly #queue: ChangeQueue<DraftChange, DraftView, Failure>;
  #isLooking = false;
  /** Photos that could not be looked at, by id: not asked for again before the next start. */
  readonly #unseen: number[] = [];

  constructor(view: FormView) {
    this.slot = view.slot;
    this.number = view.number;
    this.title = view.contest.title;
    this.layout = view.layout;
    this.pages = pagesOf(view.layout, view.contest);
    this.steps = stepsOf(this.pages);
    this.boxes = this.pages.flatMap(boxesOf);
    this.draft = view.draft;
    this.standing = view.standing;
    this.#queue = new ChangeQueue({
      send: (change: DraftChange) => device.changeDraft(this.slot, change),
      answered: (draft, isLast) => this.#answered(draft, isLast),
      moved: ({ waiting, failure }) => {
        this.waiting = waiting;
        this.failure = failure;
      },
      failureOf: asFailure,
      isFinal: (failure) => failure.kind === "figure" || failure.kind === "not_found",
    });
  }

  get step(): Step {
    return this.steps[this.stepIndex] ?? { kind: "photos", name: "photos" };
  }

  /** Goes to a step once all typed is in the database (or cannot be), and has the device remember it. */
  async goTo(index: number): Promise<void> {
    await this.flush();
    this.stepIndex = Math.min(Math.max(index, 0), this.steps.length - 1);
    this.active = null;
    try {
      await device.setPlace({ slot: this.slot, step: this.step.name });
    } catch (thrown) {
      this.failure = asFailure(thrown);
    }
  }

  /** The step with the first thing missing; review when nothing is. */
  get firstOpenStep(): number {
    if (this.draft.photos.length === 0) return 0;
    const isOpen = (step: Step) =>
      step.kind === "page" && boxesOf(step.page).some((box) => !this.draft.figures[box.id]);
    const open = this.steps.findIndex(isOpen);
    return open === -1 ? this.steps.length - 1 : open;
  }

  goToNamed(name: string): Promise<void> {
    return this.goTo(indexOfStep(this.steps, name));
  }

  /** Shows a text at once, and sends it on its way to the database. */
  figure(id: string, text: string): void {
    this.draft.figures[id] = text;
    this.#queue.push({ kind: "figure", id, text });
  }

  formTps(text: string): void {
    this.draft.form_tps = text;
    this.#queue.push({ kind: "form_tps", text });
  }

  answer(code: string, text: string): void {
    this.draft.answers[code] = text;
    this.#queue.push({ kind: "answer", code, text });
  }

  note(text: string): void {
    this.draft.note = text;
    this.#queue.push({ kind: "note", text });
  }

  flag(name: string, isSet: boolean): void {
    const others = this.draft.flags.filter((flag) => flag !== name);
    this.draft.flags = isSet ? [...others, name] : others;
    this.#queue.push({ kind: "flag", name, is_set: isSet });
  }

  /** Whether everything typed so far is in the database. */
  flush(): Promise<boolean> {
    return this.#queue.flush();
  }

  focus(id: string): void {
    this.before = [...this.draft.findings, ...this.draft.bubble_questions].map((one) => one.code);
    this.active = id;
  }

  blur(id: string): void {
    if (this.active === id) this.active = null;
  }

  /** Takes a draft that came of a photo command: it knows no newer typing than ours. */
  takePhotos(draft: DraftView): void {
    this.draft.photos = draft.photos;
    this.draft.page_findings = draft.page_findings;
    this.draft.bubble_questions = draft.bubble_questions;
    this.draft.is_changed = draft.is_changed;
    void this.look();
  }

  /** Has the device look at each photo that it has not looked at; nothing waits for it. */
  async look(): Promise<void> {
    if (this.#isLooking) return;
    this.#isLooking = true;
    for (let id = this.#nextUnlooked(); id !== null; id = this.#nextUnlooked()) {
      try {
        this.#takeLook(id, await device.lookAtPhoto(this.slot, id));
        // What was keyed meanwhile is compared with the bubbles too.
        if (this.waiting > 0 && (await this.flush())) {
          this.#takeLook(id, await device.lookAtPhoto(this.slot, id));
        }
      } catch {
        this.#unseen.push(id);
      }
    }
    this.#isLooking = false;
  }

  /** Pages of which no photo is here, while there are photos. */
  get missingPages(): number[] {
    const missing = this.draft.page_findings.filter((one) => one.kind === "page_missing");
    return missing.map(({ page }) => page);
  }

  /** Questions of bubbles to show: none about the figure that is being keyed, unless it stood there before. */
  get openBubbles(): BubbleQuestion[] {
    return this.draft.bubble_questions.filter(
      ({ field, code }) => field !== this.active || this.before.includes(code),
    );
  }

  /** Takes a whole draft in place of what is shown. */
  takeAll(draft: DraftView): void {
    this.draft = draft;
  }

  #answered(draft: DraftView, isLast: boolean): void {
    // Older answers would put older texts back into the boxes.
    const { photos, page_findings } = this.draft;
    if (isLast) this.draft = { ...draft, photos, page_findings };
  }

  #nextUnlooked(): number | null {
    const next = this.draft.photos.find(
      ({ id, look }) => look === undefined && !this.#unseen.includes(id),
    );
    return next?.id ?? null;
  }

  /** Takes what was made out on one photo. Photos may have come and gone since it was asked. */
  #takeLook(id: number, draft: DraftView): void {
    const own = this.draft.photos.find((photo) => photo.id === id);
    const seen = draft.photos.find((photo) => photo.id === id);
    if (own && seen?.look) own.look = seen.look;
    else this.#unseen.push(id);
    const idsOf = (photos: DraftView["photos"]) => photos.map((photo) => photo.id).join();
    if (idsOf(this.draft.photos) !== idsOf(draft.photos)) return;
    this.draft.page_findings = draft.page_findings;
    this.draft.bubble_questions = draft.bubble_questions;
  }
}
