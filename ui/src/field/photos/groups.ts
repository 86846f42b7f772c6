// Which photo belongs where: one group for each page of the form, one for
// objections, one for the rest, and one for photos whose page is not known.
import type { PhotoKind } from "@generated/PhotoKind";
import type { PhotoView } from "@generated/PhotoView";
import type { PaperPage } from "../form/paper";

export interface PhotoGroup {
  /** Names the group in the page: `form-2`, `objection`, `other`, `unsorted`. */
  key: string;
  kind: PhotoKind;
  page: number | null;
  photos: PhotoView[];
}

/** All groups in order; the unsorted one only when it is needed. */
export function groupsOf(pages: PaperPage[], photos: PhotoView[]): PhotoGroup[] {
  const of = (kind: PhotoKind, page: number | null) =>
    photos.filter((photo) => photo.kind === kind && (kind !== "form" || photo.page === page));
  const numbers = pages.map((page) => page.number);
  const unsorted = photos.filter(
    (photo) => photo.kind === "form" && (photo.page === null || !numbers.includes(photo.page)),
  );
  const groups: PhotoGroup[] = numbers.map((page) => ({
    key: `form-${page}`,
    kind: "form",
    page,
    photos: of("form", page),
  }));
  groups.push({ key: "objection", kind: "objection", page: null, photos: of("objection", null) });
  groups.push({ key: "other", kind: "other", page: null, photos: of("other", null) });
  if (unsorted.length) {
    groups.unshift({ key: "unsorted", kind: "form", page: null, photos: unsorted });
  }
  return groups;
}

/** Where in the whole draft a photo goes to change places with its neighbour in the group. */
export function placeOfNeighbour(
  all: PhotoView[],
  group: PhotoView[],
  photo: PhotoView,
  by: 1 | -1,
): number | null {
  const neighbour = group[group.findIndex((other) => other.id === photo.id) + by];
  return neighbour ? all.findIndex((other) => other.id === neighbour.id) : null;
}
