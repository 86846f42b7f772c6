// What a revision says that the one before it did not.
import type { PhotoView } from "@generated/PhotoView";
import type { RevisionView } from "@generated/RevisionView";
import type { Labelled } from "./paper";

export interface FigureChange {
  label: string;
  column: Labelled["column"];
  from: number | null;
  to: number | null;
}

export interface RevisionChanges {
  figures: FigureChange[];
  formTps: { from: string | null; to: string | null } | null;
  photosAdded: number;
  photosRemoved: number;
}

/** Changes from `before` to `after`, figures in the paper's order. */
export function changesBetween(
  before: RevisionView,
  after: RevisionView,
  boxes: Labelled[],
): RevisionChanges {
  const figures = boxes
    .map(({ id, label, column }) => ({
      label,
      column,
      from: before.counts[id] ?? null,
      to: after.counts[id] ?? null,
    }))
    .filter(({ from, to }) => from !== to);
  const formTps =
    before.form_tps === after.form_tps ? null : { from: before.form_tps, to: after.form_tps };
  return {
    figures,
    formTps,
    photosAdded: without(after.photos, before.photos),
    photosRemoved: without(before.photos, after.photos),
  };
}

/** How many of `photos` are not among `others`. */
function without(photos: PhotoView[], others: PhotoView[]): number {
  const ids = new Set(others.map((photo) => photo.id));
  return photos.filter((photo) => !ids.has(photo.id)).length;
}
