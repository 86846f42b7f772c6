// In which order a slot's photos are looked at.
import type { PhotoDetail } from "@generated/PhotoDetail";

/**
 * Witness by witness, in the order of their columns; of each, the form's pages
 * first, then objections, then the rest.
 */
export function inOrder(photos: PhotoDetail[], devices: string[]): PhotoDetail[] {
  const kinds = { form: 0, objection: 1, other: 2 };
  const rank = (photo: PhotoDetail) => kinds[photo.kind];
  const page = (photo: PhotoDetail) => photo.page ?? Number.MAX_SAFE_INTEGER;
  const whose = (photo: PhotoDetail) => devices.indexOf(photo.device);
  return [...photos].sort((a, b) => whose(a) - whose(b) || rank(a) - rank(b) || page(a) - page(b));
}

/** Whether there is anything of a photo to look at. */
export function canBeSeen(photo: PhotoDetail): boolean {
  return photo.is_received || photo.received_bytes > 0;
}

/** How much of a photo that is still arriving is here, in whole percent below 100. */
export function percentHere(photo: PhotoDetail): number {
  const percent = Math.floor((100 * photo.received_bytes) / Math.max(1, photo.bytes));
  return Math.min(99, percent);
}

/** The first photo that has arrived, else the first of which a part has, else the first of all. */
export function firstArrived(photos: PhotoDetail[]): number {
  const whole = photos.findIndex((photo) => photo.is_received);
  return Math.max(0, whole >= 0 ? whole : photos.findIndex(canBeSeen));
}

/** The next photo to be seen, going round; the same place when there is no other. */
export function nextArrived(photos: PhotoDetail[], from: number, step: 1 | -1): number {
  for (let moved = 1; moved <= photos.length; moved += 1) {
    const index = (((from + step * moved) % photos.length) + photos.length) % photos.length;
    const photo = photos[index];
    if (photo && canBeSeen(photo)) return index;
  }
  return from;
}

/**
 * The photo to compare with the one that is shown: another witness's of the
 * same page, or else the next one to be seen; `null` when there is no other.
 */
export function counterpartOf(photos: PhotoDetail[], from: number): number | null {
  const shown = photos[from];
  const others = [...new Set(photos.map(({ device }) => device))].filter(
    (device) => device !== shown?.device,
  );
  for (const device of others) {
    const same = samePageOf(photos, device, from);
    if (same !== null) return same;
  }
  const next = nextArrived(photos, from, 1);
  return next === from ? null : next;
}

/** That device's photo of the same page, if it can be seen. */
export function samePageOf(photos: PhotoDetail[], device: string, from: number): number | null {
  const shown = photos[from];
  const of = (photo: PhotoDetail) => photo.device === device && canBeSeen(photo);
  const same = photos.findIndex(
    (photo) => of(photo) && photo.kind === shown?.kind && photo.page === shown.page,
  );
  return same === -1 ? null : same;
}
