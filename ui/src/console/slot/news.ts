// What is new in a slot since somebody looked at it.
import type { Decision } from "@generated/Decision";
import type { RevisionDetail } from "@generated/RevisionDetail";
import type { SlotDetail } from "@generated/SlotDetail";
import type { SlotState } from "@generated/SlotState";
import { changes, type Change } from "./heads";

export interface NewRevision {
  revision: RevisionDetail;
  /** Against the device's revision before it; `null` when it is the first. */
  changed: Change[] | null;
}

export interface News {
  revisions: NewRevision[];
  decisions: Decision[];
  /** Photos that have arrived since. */
  photos: number;
  /** Photos of which it was found out since that another slot has them too. */
  samePhotos: number;
  /** Before and now, when it changed. */
  state: [SlotState, SlotState] | null;
}

export function newsBetween(seen: SlotDetail, present: SlotDetail): News {
  const known = new Set(seen.history.map((revision) => revision.rev_id));
  const ruled = new Set(seen.decisions.map((decision) => decision.number));
  const arrived = new Set(seen.photos.filter((p) => p.is_received).map((p) => p.sha256));
  return {
    revisions: present.history
      .filter((revision) => !known.has(revision.rev_id))
      .map((revision) => ({ revision, changed: changedBy(revision, present.history) })),
    decisions: present.decisions.filter((decision) => !ruled.has(decision.number)),
    photos: present.photos.filter((p) => p.is_received && !arrived.has(p.sha256)).length,
    samePhotos: shared(present).filter((sha256) => !shared(seen).includes(sha256)).length,
    state: seen.state === present.state ? null : [seen.state, present.state],
  };
}

/** Whether anything is new that a ruling should consider; photos alone are not. */
export function isWorthALook(news: News): boolean {
  return (
    news.revisions.length > 0 ||
    news.decisions.length > 0 ||
    news.samePhotos > 0 ||
    news.state !== null
  );
}

function shared(slot: SlotDetail): string[] {
  return slot.photos.filter((photo) => photo.same_as.length > 0).map((photo) => photo.sha256);
}

/** What a revision changed against its device's one before; `null` when it is the first here. */
export function changedBy(revision: RevisionDetail, history: RevisionDetail[]): Change[] | null {
  const before =
    history.find((other) => other.rev_id === revision.prev) ??
    history
      .filter((other) => other.device === revision.device && other.seq < revision.seq)
      .sort((a, b) => b.seq - a.seq)[0];
  return before ? changes(before.counts, revision.counts) : null;
}
