// Photos that are decoded before they are asked for.
import { photoUrl } from "../api/calls";
import { sheets } from "./sheets.svelte";
import { sight } from "./sight.svelte";

/** Photos kept decoded; the oldest goes first. */
const KEPT = 12;

interface Kept {
  image: HTMLImageElement;
  /** Settled when it is decoded, and when it cannot be. */
  ready: Promise<void>;
}
const kept = new Map<string, Kept>();
/** One at a time: several at once would hold up the photo that is looked at. */
let last: Promise<void> | null = null;

/** Loads and decodes a photo, for the view that is set, behind those asked for before it. */
export function loadDecoded(sha256: string): Promise<void> {
  if (sight.isStraight) void sheets.ask(sha256);
  const url = photoUrl(sha256);
  const known = kept.get(url);
  if (known) return known.ready;
  const image = new Image();
  // With none before it at once: before what shows it is made, not behind that.
  const ready = last
    ? // Meanwhile others may have been wanted more.
      last.then(() => (kept.get(url)?.image === image ? decoded(url, image) : undefined))
    : decoded(url, image);
  last = ready;
  void ready.then(() => {
    if (last === ready) last = null;
  });
  kept.set(url, { image, ready });
  for (const oldest of [...kept.keys()].slice(0, Math.max(0, kept.size - KEPT)))
    kept.delete(oldest);
  return ready;
}

async function decoded(url: string, image: HTMLImageElement): Promise<void> {
  image.src = url;
  try {
    await image.decode();
  } catch {
    // A photo that cannot be decoded says so where it is shown.
    kept.delete(url);
  }
}

/** Whether it is decoded already, so that nothing need stand in for it. */
export function isDecoded(url: string): boolean {
  const image = kept.get(url)?.image;
  return image !== undefined && image.complete && image.naturalWidth > 0;
}
