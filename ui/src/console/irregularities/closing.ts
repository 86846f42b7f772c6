// A time of day on polling day, as the endpoint keeps it and as people say it. Pure.
import { dateFormat } from "@shared/formats";

/** `13:00` in the time zone. */
export function localClock(moment: string, timeZone: string): string {
  return dateFormat("en-GB", {
    timeZone,
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
  }).format(Date.parse(moment));
}

/** The moment at which clocks there show that time on that day. */
export function momentOf(day: string, time: string, timeZone: string): string {
  const asIfUtc = Date.parse(`${day}T${time}:00.000Z`);
  const shown = dateFormat("sv-SE", {
    timeZone,
    dateStyle: "short",
    timeStyle: "short",
  }).format(asIfUtc);
  const offset = Date.parse(`${shown.replace(" ", "T")}:00.000Z`) - asIfUtc;
  return new Date(asIfUtc - offset).toISOString();
}
