// What the endpoint refused of a form, gathered for the screen: things of one
// kind with one reason are one line, with one way out. They all stay here.
import type { RefusedItem } from "@generated/RefusedItem";
import type { SlotCard } from "@generated/SlotCard";
import type { WayOut } from "@generated/WayOut";
import { number } from "@shared/i18n.svelte";
import { adviceFor, adviceOnPhoto, codeWords, words, type Advice } from "../strings";

export interface Refusal {
  key: string;
  code: string;
  wayOut: WayOut;
  /** How many photos; 0 for the figures of a revision. */
  photos: number;
  /** Page of the first of them. */
  page: number | null;
  revId: string;
  isTriedAgain: boolean;
}

export function refusalsOf(slot: string, items: RefusedItem[]): Refusal[] {
  const refusals = new Map<string, Refusal>();
  for (const item of items.filter((item) => item.slot === slot)) {
    const isPhoto = item.photo !== null;
    const key = isPhoto ? `photo ${item.code}` : `figures ${item.code} ${item.rev_id}`;
    const known = refusals.get(key);
    if (known) known.photos += 1;
    else
      refusals.set(key, {
        key,
        code: item.code,
        wayOut: item.way_out,
        photos: isPhoto ? 1 : 0,
        page: item.page,
        revId: item.rev_id,
        isTriedAgain: item.is_tried_again,
      });
  }
  return [...refusals.values()];
}

/** Why, and what to do, in a witness's words. */
export function adviceOnRefusal(refusal: Refusal): Advice {
  if (refusal.photos > 0) return adviceOnPhoto(refusal.code);
  const say = codeWords();
  return adviceFor(say.problem, refusal.code, say.trouble.refused);
}

/** A message to the coordinator that names what was refused beyond doubt. */
export function messageAbout(card: SlotCard, refusal: Refusal): string {
  const { t, language } = words;
  const [, tps = ""] = card.slot.split("/");
  return t.messageRefused({
    tps,
    contest: card.title,
    photos: refusal.photos > 0 ? number(refusal.photos, language) : null,
    why: adviceOnRefusal(refusal).says,
    code: refusal.code,
    id: refusal.revId.slice(0, ID_SHOWN),
  });
}

/** Symbols of a revision's id that are told apart by eye. */
const ID_SHOWN = 12;
