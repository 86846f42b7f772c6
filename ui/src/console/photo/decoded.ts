// Photos that are decoded before they are asked for.
import { photoUrl, straightUrl } from "../api/calls";
import { sight } from "./sight.svelte";

/** Photos kept decoded; the oldest goes first. */
const KEPT = 12;

const kept = new Map<string, HTMLImageElement>();

/** Loads and decodes a photo, in the view that is set. */
export function loadDecoded(sha256: string): void {
  const url = sight.isStraight ? straightUrl(sha256) : photoUrl(sha256);
  if (kept.has(url)) return;
  const image = new Image();
  image.src = url;
  // A photo that cannot be decoded says so where it is shown.
  image.decode().catch(() => kept.delete(url));
  kept.set(url, image);
  for (const oldest of [...kept.keys()].slice(0, Math.max(0, kept.size - KEPT)))
    kept.delete(oldest);
}

/** Whether it is decoded already, so that nothing need stand in for it. */
export function isDecoded(url: string): boolean {
  const image = kept.get(url);
  return image !== undefined && image.complete && image.naturalWidth > 0;
}
