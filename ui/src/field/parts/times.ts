// Times of day, in the election's own time zone.
import type { Language } from "@generated/Language";

/** Hours, minutes and seconds: 23.04.10. */
export function timeOfDay(at: string, language: Language, timeZone: string): string {
  const locale = language === "id" ? "id-ID" : "en-GB";
  return new Intl.DateTimeFormat(locale, { timeStyle: "medium", timeZone }).format(Date.parse(at));
}

/** A day as people write it, from `YYYY-MM-DD`. */
export function day(date: string, language: Language): string {
  const locale = language === "id" ? "id-ID" : "en-GB";
  const options: Intl.DateTimeFormatOptions = { dateStyle: "full", timeZone: "UTC" };
  return new Intl.DateTimeFormat(locale, options).format(Date.parse(`${date}T00:00:00Z`));
}
