// What there is to say about one photo, in the order in which it helps: first
// that it is the wrong one, then that it cannot be read.
import type { PageFinding } from "@generated/PageFinding";
import type { PhotoView } from "@generated/PhotoView";
import type { PicturePlace } from "@generated/PicturePlace";
import type { Advice } from "../strings";
import type { lookId } from "./words.id";

/** A sentence, what to do, and the page that the photo may be moved to. */
export interface Said extends Advice {
  /** Names the card in the page. */
  code: string;
  moveTo: number | null;
}

/** Whether anything has to be said about a photo; cheap, for cards that load the rest only then. */
export function hasAdvice(photo: PhotoView, findings: PageFinding[]): boolean {
  return (photo.look?.troubles.length ?? 0) > 0 || about(photo, findings).length > 0;
}

/** The findings that are told at this photo. */
export function about(photo: PhotoView, findings: PageFinding[]): PageFinding[] {
  const isWrong = findings.some((one) => one.kind === "wrong_page" && one.photo === photo.id);
  return findings.filter((one) => {
    switch (one.kind) {
      case "wrong_form":
      case "wrong_page":
        return one.photo === photo.id;
      // Told once, at the later photo; a photo at the wrong page has that said already.
      case "page_twice":
        return !isWrong && one.photos[one.photos.length - 1] === photo.id;
      case "page_missing":
        return false;
    }
  });
}

/** All that is said about a photo. */
export function saidOf(photo: PhotoView, findings: PageFinding[], t: typeof lookId): Said[] {
  const ofPages = about(photo, findings).map((one): Said => {
    switch (one.kind) {
      case "wrong_form":
        return {
          code: one.kind,
          says: t.wrongForm(t.forms[one.form] ?? t.otherForm),
          todo: t.wrongFormTodo,
          moveTo: null,
        };
      case "wrong_page":
        return {
          code: one.kind,
          says: t.wrongPage(String(one.seen), String(one.meant)),
          todo: one.is_free ? t.wrongPageFree : t.wrongPageTaken(String(one.seen)),
          moveTo: one.is_free ? one.seen : null,
        };
      default:
        return { code: one.kind, says: t.twice(String(one.page)), todo: t.twiceTodo, moveTo: null };
    }
  });
  const ofPicture = (photo.look?.troubles ?? []).map(({ problem }) => ({
    code: problem,
    ...t.problems[problem],
    moveTo: null,
  }));
  return [...ofPages, ...ofPicture];
}

/** Where on the photo its troubles are. */
export function marksOf(photo: PhotoView): PicturePlace[] {
  return (photo.look?.troubles ?? []).flatMap((trouble) => trouble.places);
}

/** A place with so much of its own size around it, within a picture of this size. */
export function around(place: PicturePlace, share: number, picture: PhotoView): PicturePlace {
  const [across, down] = [place.width * share, place.height * share];
  const left = Math.max(0, place.left - across);
  const top = Math.max(0, place.top - down);
  return {
    left,
    top,
    width: Math.min(picture.width, place.left + place.width + across) - left,
    height: Math.min(picture.height, place.top + place.height + down) - top,
  };
}
