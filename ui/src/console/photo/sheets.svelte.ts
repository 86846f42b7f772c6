// Where sheets lie in photos, as far as it was asked for.
import { untrack } from "svelte";
import { SvelteMap } from "svelte/reactivity";
import type { SheetPlace } from "@generated/SheetPlace";
import { readSheet } from "../api/calls";
import { codeOf } from "../api/http";

/** `none`: no page that is known is on it; `failed`: the answer did not come. */
type Known = SheetPlace | "asked" | "none" | "failed";

class Sheets {
  readonly #known = new SvelteMap<string, Known>();

  of(sha256: string): Known {
    return this.#known.get(sha256) ?? "asked";
  }

  /** Asks, unless that was done before. What comes of it makes nobody ask again. */
  async ask(sha256: string): Promise<void> {
    const known = untrack(() => this.#known.get(sha256));
    if (known !== undefined && known !== "failed") return;
    this.#known.set(sha256, "asked");
    try {
      this.#known.set(sha256, await readSheet(sha256));
    } catch (cause) {
      this.#known.set(sha256, codeOf(cause) === "not_found" ? "none" : "failed");
    }
  }
}

export const sheets = new Sheets();
