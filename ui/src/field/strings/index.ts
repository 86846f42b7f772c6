// The sentences in the language that is set, and those that codes stand for.
import type { Failure } from "@generated/Failure";
import { createSentences } from "@shared/i18n.svelte";
import { codesEn } from "./codes.en";
import { codesId } from "./codes.id";
import { en } from "./en";
import { id } from "./id";
import type { Advice, CodeWords } from "./words";

export type { Advice, CodeWords, Words } from "./words";

export const words = createSentences({ id, en });

const codes: Record<"id" | "en", CodeWords> = { id: codesId, en: codesEn };

/** The sentences for codes, in the language that is set. */
export function codeWords(): CodeWords {
  return codes[words.language];
}

/** The advice for a code, or `other` when a newer app or endpoint says something unknown. */
export function adviceFor(table: Record<string, Advice>, code: string, other: Advice): Advice {
  return Object.keys(table).includes(code) ? (table[code] ?? other) : other;
}

/** Why the endpoint has a photo not and never will, in its code or the device's own. */
export function adviceOnPhoto(code: string): Advice {
  const say = codeWords();
  return adviceFor({ ...say.photo, ...say.problem }, code, say.photo.file_gone);
}

/** What happened and what to do, for a command that failed. */
export function adviceOf(failure: Failure): Advice {
  const say = codeWords();
  switch (failure.kind) {
    case "trouble":
      return adviceFor(say.trouble, failure.code, say.failure.internal);
    case "photo":
      return adviceFor(say.photo, failure.code, say.photo.encode);
    case "database":
      return adviceFor(say.database, failure.code, say.database.damaged);
    case "figure":
      return { says: words.t.digitsOnly(String(failure.digits)), todo: "" };
    default:
      return say.failure[failure.kind];
  }
}
