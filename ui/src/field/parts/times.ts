// Times of day, in the election's own time zone.
import type { Language } from "@generated/Language";
import { dateFormat } from "@shared/formats";
import { LOCALES, number } from "@shared/i18n.svelte";
import { words } from "../strings";

/** Hours, minutes and seconds: 23.04.10. */
export function timeOfDay(at: string, language: Language, timeZone: string): string {
  return dateFormat(LOCALES[language], { timeStyle: "medium", timeZone }).format(Date.parse(at));
}

/** Hours and minutes: 23.04. */
export function hourAndMinute(at: string, language: Language, timeZone: string): string {
  return dateFormat(LOCALES[language], { timeStyle: "short", timeZone }).format(Date.parse(at));
}

/** A day as people write it, from `YYYY-MM-DD`. */
export function day(date: string, language: Language): string {
  const options: Intl.DateTimeFormatOptions = { dateStyle: "full", timeZone: "UTC" };
  return dateFormat(LOCALES[language], options).format(Date.parse(`${date}T00:00:00Z`));
}

const MINUTE_SECONDS = 60;
const HOUR_SECONDS = 60 * MINUTE_SECONDS;
const DAY_SECONDS = 24 * HOUR_SECONDS;

/** By how much this device's clock is off, as a sentence; ahead when positive. */
export function skewText(seconds: number): string {
  const { t, language } = words;
  const off = Math.abs(seconds);
  const [unit, say] =
    off < 2 * HOUR_SECONDS
      ? [MINUTE_SECONDS, t.minutes]
      : off < 2 * DAY_SECONDS
        ? [HOUR_SECONDS, t.hours]
        : [DAY_SECONDS, t.days];
  const amount = say(number(Math.round(off / unit), language));
  return seconds > 0 ? t.clockAhead(amount) : t.clockBehind(amount);
}
