// Photos that are decoded before they are asked for.
import { photoUrl } from "../api/calls";
import { sheets } from "./sheets.svelte";
import { sight } from "./sight.svelte";

/** Photos kept decoded; the oldest goes first. */
const KEPT = 12;

const kept = new Map<string, HTMLImageElement>();
/** Asked for, in this order, and not begun yet. */
let waiting: string[] = [];
let isLoading = false;

/** Loads and decodes a photo, for the view that is set, behind those asked for before it. */
export function loadDecoded(sha256: string): void {
  if (sight.isStraight) void sheets.ask(sha256);
  const url = photoUrl(sha256);
  if (kept.has(url)) return;
  kept.set(url, new Image());
  for (const oldest of [...kept.keys()].slice(0, Math.max(0, kept.size - KEPT)))
    kept.delete(oldest);
  waiting = [...waiting, url];
  if (!isLoading) void loadWaiting();
}

/** One at a time: several at once would hold up the photo that is looked at. */
async function loadWaiting(): Promise<void> {
  isLoading = true;
  for (let [url] = waiting; url !== undefined; [url] = waiting) {
    waiting = waiting.slice(1);
    const image = kept.get(url);
    if (!image) continue;
    image.src = url;
    try {
      await image.decode();
    } catch {
      // A photo that cannot be decoded says so where it is shown.
      kept.delete(url);
    }
  }
  isLoading = false;
}

/** Whether it is decoded already, so that nothing need stand in for it. */
export function isDecoded(url: string): boolean {
  const image = kept.get(url);
  return image !== undefined && image.complete && image.naturalWidth > 0;
}
