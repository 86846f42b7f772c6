// What the app is showing and what it knows, outside any one form.
//
// `home` comes from the device and from nowhere else; it is asked again
// whenever the app says that something changed. The route lives in the
// browser's own history, so that the phone's back button goes back.
import type { Failure } from "@generated/Failure";
import type { Home } from "@generated/Home";
import type { SlotCard } from "@generated/SlotCard";
import type { SlotId } from "@generated/SlotId";
import { asFailure, device, onChanged } from "@shared/backend";
import { Asking } from "./asking";
import { words } from "./strings";

export type Route =
  | { name: "home" }
  | {
      name: "form";
      slot: SlotId;
      /** Page to photograph again; `null` for one without a number. */
      page?: number | null;
    }
  | { name: "saved"; slot: SlotId }
  | { name: "history"; slot: SlotId }
  | { name: "around"; slot: SlotId }
  | { name: "carried" }
  | { name: "enrol" }
  | { name: "inbox" }
  | { name: "settings" };

class Session {
  home = $state<Home | null>(null);
  /** Why the device cannot be opened. */
  stopped = $state<Failure | null>(null);
  /** A failure of a command that no screen shows by itself. */
  failure = $state<Failure | null>(null);
  route = $state<Route>({ name: "home" });

  /** What "back" closes before it leaves the screen, newest last; each says whether it did. */
  readonly #closers: (() => boolean)[] = [];
  readonly #asking = new Asking(() => this.#ask());

  /** Asks the device for everything, goes back to where the witness was, and follows changes. */
  async begin(): Promise<void> {
    window.addEventListener("popstate", (event) => this.#wentBack(event.state as Route | null));
    window.addEventListener("online", () => void this.attempt(() => device.connectionReturned()));
    await this.refresh();
    await onChanged(() => void this.refresh());
    const place = this.home?.last_place;
    if (place && this.cardOf(place.slot)) this.go({ name: "form", slot: place.slot });
  }

  /** Has `close` asked before "back" leaves the screen; the answer takes it off again. */
  closeFirst(close: () => boolean): () => void {
    this.#closers.push(close);
    return () => this.#closers.splice(this.#closers.indexOf(close), 1);
  }

  #wentBack(to: Route | null): void {
    const isClosed = [...this.#closers].reverse().some((close) => close());
    // The browser has gone back already; where we stay goes on top again.
    if (isClosed) history.pushState($state.snapshot(this.route), "");
    else this.route = to ?? { name: "home" };
  }

  /** Takes a fresh `home`; calls made meanwhile are answered by one more. */
  async refresh(): Promise<void> {
    await this.#asking.now();
  }

  async #ask(): Promise<void> {
    try {
      this.take(await device.home());
    } catch (thrown) {
      this.#notOpened(asFailure(thrown));
    }
  }

  #notOpened(failure: Failure): void {
    if (this.home === null) this.stopped = failure;
    else this.failure = failure;
  }

  take(home: Home): void {
    this.home = home;
    this.stopped = null;
    words.language = home.language;
  }

  /** Runs a command whose failure is shown above whatever is on the screen. */
  async attempt<T>(command: () => Promise<T>): Promise<T | null> {
    try {
      const answer = await command();
      this.failure = null;
      return answer;
    } catch (thrown) {
      this.failure = asFailure(thrown);
      return null;
    }
  }

  /** Goes forward to a screen. */
  go(route: Route): void {
    history.pushState($state.snapshot(route), "");
    this.#show(route);
  }

  /** Goes to a screen in place of this one, which "back" then skips. */
  replace(route: Route): void {
    history.replaceState($state.snapshot(route), "");
    this.#show(route);
  }

  #show(route: Route): void {
    this.failure = null;
    this.route = route;
    window.scrollTo(0, 0);
  }

  back(): void {
    history.back();
  }

  cardOf(slot: SlotId): SlotCard | null {
    const cards = this.home?.posts.flatMap((post) => post.slots) ?? [];
    return cards.find((card) => card.slot === slot) ?? null;
  }
}

export const session = new Session();
