// How photos are looked at: fit, brightness and turns are kept from photo to
// photo, so that a run of similar photos needs no new adjusting.
import type { Fit, Point } from "./viewport";

/** How two photos are compared: beside one another, or one upon the other. */
export type Comparison = "beside" | "flicker";
/** Steps of brightness, as factors. */
const BRIGHTNESS = [1, 1.3, 1.7, 0.75];
/** One step of zooming by key. */
export const ZOOM_STEP = 1.3;

/** What a picture on the stage can be told. */
export interface Stage {
  zoom(factor: number): void;
  pan(by: Point): void;
  fit(): void;
}

class Sight {
  fit = $state<Fit>("whole");
  /** Whether pages are shown straightened instead of the photos themselves. */
  isStraight = $state(false);
  #turns = $state<Record<string, number>>({});
  #brightness = $state(0);
  /** One, or two while photos are compared: they move together by key. */
  #stages: readonly Stage[] = [];

  get brightness(): number {
    return BRIGHTNESS[this.#brightness] ?? 1;
  }

  /** Quarter turns to the right. */
  turnsOf(photo: { sha256: string }): number {
    return this.#turns[this.#seat(photo.sha256)] ?? 0;
  }

  /** A straightened page lies another way than its photo. */
  #seat(sha256: string): string {
    return this.isStraight ? `${sha256} straight` : sha256;
  }

  /** Puts a picture on the stage; the returned function takes it off. */
  enter(stage: Stage): () => void {
    this.#stages = [...this.#stages, stage];
    return () => {
      this.#stages = this.#stages.filter((other) => other !== stage);
    };
  }

  zoom(direction: 1 | -1): void {
    for (const stage of this.#stages) stage.zoom(direction === 1 ? ZOOM_STEP : 1 / ZOOM_STEP);
  }

  pan(by: Point): void {
    for (const stage of this.#stages) stage.pan(by);
  }

  refit(fit: Fit): void {
    this.fit = fit;
    this.#fitAll();
  }

  turn(photo: { sha256: string } | null, by: 1 | -1): void {
    if (!photo) return;
    this.#turns[this.#seat(photo.sha256)] = this.turnsOf(photo) + by;
    this.#fitAll();
  }

  straighten(): void {
    this.isStraight = !this.isStraight;
    this.#fitAll();
  }

  #fitAll(): void {
    for (const stage of this.#stages) stage.fit();
  }

  brighten(): void {
    this.#brightness = (this.#brightness + 1) % BRIGHTNESS.length;
  }
}

export const sight = new Sight();
