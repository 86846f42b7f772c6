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

/** The first photo that has arrived, or the first of all. */
export function firstArrived(photos: PhotoDetail[]): number {
  return Math.max(
    0,
    photos.findIndex((photo) => photo.is_received),
  );
}

/** The next photo that has arrived, going round; the same place when there is no other. */
export function nextArrived(photos: PhotoDetail[], from: number, step: 1 | -1): number {
  for (let moved = 1; moved <= photos.length; moved += 1) {
    const index = (((from + step * moved) % photos.length) + photos.length) % photos.length;
    if (photos[index]?.is_received) return index;
  }
  return from;
}

/** That device's photo of the same page, if it has arrived. */
export function samePageOf(photos: PhotoDetail[], device: string, from: number): number | null {
  const shown = photos[from];
  const of = (photo: PhotoDetail) => photo.device === device && photo.is_received;
  const same = photos.findIndex(
    (photo) => of(photo) && photo.kind === shown?.kind && photo.page === shown.page,
  );
  return same === -1 ? null : same;
}
