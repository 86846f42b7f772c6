// How a standing looks and reads. Words always stand beside icon and colour.
import type { SlotCard } from "@generated/SlotCard";
import type { Standing } from "@generated/Standing";
import type { IconName } from "@shared/icons";
import { moment } from "@shared/i18n.svelte";
import { adviceFor, codeWords, words } from "../strings";

export interface StandingLook {
  icon: IconName;
  tone: "plain" | "wait" | "good" | "ask" | "bad";
  says: string;
  /** What more there is to say, if anything. */
  more: string | null;
}

/** The look of each kind but those that need more than their words. */
const ICONS: Record<Standing["kind"], Pick<StandingLook, "icon" | "tone">> = {
  not_started: { icon: "dot", tone: "plain" },
  draft: { icon: "pencil", tone: "plain" },
  saved_here: { icon: "phone", tone: "wait" },
  figures_received: { icon: "check", tone: "wait" },
  all_received: { icon: "check-double", tone: "good" },
  verified: { icon: "seal", tone: "good" },
  returned: { icon: "returned", tone: "bad" },
  in_conflict: { icon: "conflict", tone: "ask" },
  refused: { icon: "warning", tone: "bad" },
};

export function lookOf(standing: Standing, timeZone?: string): StandingLook {
  return { ...ICONS[standing.kind], ...wordsOf(standing, timeZone) };
}

function wordsOf(standing: Standing, timeZone?: string): Pick<StandingLook, "says" | "more"> {
  const { t, language } = words;
  switch (standing.kind) {
    case "not_started":
      return { says: t.notStarted, more: null };
    case "draft":
      return { says: t.draft, more: null };
    case "saved_here":
      return { says: t.savedHere, more: null };
    case "figures_received":
      return { says: t.figuresReceived, more: null };
    case "all_received":
      return {
        says: standing.photos.total ? t.allReceived : t.onlyFiguresReceived,
        more: null,
      };
    case "verified":
      return { says: t.verified(moment(standing.at, language, timeZone)), more: null };
    case "returned":
      return { says: t.returned, more: `\u201c${standing.reason}\u201d ${t.returnedTodo}` };
    case "in_conflict":
      return { says: t.inConflict, more: t.inConflictTodo };
    case "refused": {
      const say = codeWords();
      const advice = adviceFor(say.problem, standing.code, say.trouble.refused);
      return { says: t.refusedByServer, more: `${advice.says} ${advice.todo}` };
    }
  }
}

/** The word on the main button of a card. */
export function actionOf(card: SlotCard): string {
  const { t } = words;
  if (card.revisions === 0) return card.has_draft ? t.resume : t.start;
  return card.has_draft ? t.resumeCorrection : t.correct;
}

/** Whether opening the form is what the witness should do next. */
export function isUpNext(card: SlotCard): boolean {
  return card.has_draft || card.revisions === 0 || card.standing.kind === "returned";
}
