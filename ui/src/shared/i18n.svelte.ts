// Sentences in two languages, typed: a key that one language lacks fails the
// type check, and so does a sentence that forgets one of its arguments.
import { dateFormat, numberFormat } from "./formats";

export type Language = "id" | "en";

/** A sentence, or a function that makes one from its arguments. */
export type Sentence = string | ((...args: never[]) => string);

/** One table of sentences for an app; English has exactly the keys of Indonesian. */
export interface Tables<T extends Record<string, Sentence>> {
  id: T;
  en: { [K in keyof T]: T[K] extends string ? string : T[K] };
}

/** The sentences of an app in the language that is set; reading it in a component follows changes. */
export function createSentences<T extends Record<string, Sentence>>(tables: Tables<T>) {
  let language = $state<Language>("id");
  return {
    get language(): Language {
      return language;
    },
    set language(next: Language) {
      language = next;
      if (typeof document !== "undefined") document.documentElement.lang = next;
    },
    get t(): T {
      return tables[language] as T;
    },
  };
}

/** By whose customs each language writes numbers and moments. */
export const LOCALES: Record<Language, string> = { id: "id-ID", en: "en-GB" };

/** A whole number with the language's own separators: 11.441. */
export function number(value: number, language: Language): string {
  return numberFormat(LOCALES[language]).format(value);
}

/** Bytes as people read them: 212 kB, 1,4 MB. */
export function bytes(value: number, language: Language): string {
  const [unit, size] = value < 1_000_000 ? ["kB", value / 1000] : ["MB", value / 1_000_000];
  const digits = unit === "MB" && size < 10 ? 1 : 0;
  const format = numberFormat(LOCALES[language], { maximumFractionDigits: digits });
  return `${format.format(size)} ${unit}`;
}

/** Time of day and date in the election's own time zone. */
export function moment(at: string, language: Language, timeZone?: string): string {
  const options: Intl.DateTimeFormatOptions = { dateStyle: "medium", timeStyle: "short" };
  if (timeZone) options.timeZone = timeZone;
  return dateFormat(LOCALES[language], options).format(Date.parse(at));
}
