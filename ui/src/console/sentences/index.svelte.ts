// The console's words in the language that is set, kept across visits.
import { dateFormat, numberFormat } from "@shared/formats";
import { createSentences, LOCALES, moment, number, type Language } from "@shared/i18n.svelte";
import type { FailureCode } from "../api/http";
import { en } from "./en";
import { failures } from "./failures";
import { id, type Words } from "./id";

const KEPT_AS = "saksi.console.language";

export const words = createSentences<Words>({ id, en });
words.language = localStorage.getItem(KEPT_AS) === "en" ? "en" : "id";

export function setLanguage(language: Language): void {
  words.language = language;
  localStorage.setItem(KEPT_AS, language);
}

/** What went wrong, in words. A code of a newer endpoint reads as a fault of it. */
export function failureSentence(code: FailureCode): string {
  const table = failures[words.language];
  return table[code] ?? table.internal;
}

/** A whole number in the language that is set. */
export function num(value: number): string {
  return number(value, words.language);
}

/** A share from 0 to 1 as a percentage with one decimal. */
export function percent(share: number): string {
  return numberFormat(LOCALES[words.language], {
    style: "percent",
    minimumFractionDigits: 1,
    maximumFractionDigits: 1,
  }).format(share);
}

/** The time of day in a time zone, to the minute or the second. */
export function clock(at: number, timeZone: string, withSeconds = false): string {
  return dateFormat(LOCALES[words.language], {
    timeZone,
    timeStyle: withSeconds ? "medium" : "short",
    hourCycle: "h23",
  }).format(at);
}

/** A moment in the election's time zone and the language that is set. */
export function at(time: string, timeZone?: string): string {
  return moment(time, words.language, timeZone);
}
