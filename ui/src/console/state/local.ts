// Moments in boxes for dates and times: what stands there is the election's own
// time, whatever the computer's zone is. Pure.
import { dateFormat } from "@shared/formats";

/** `2024-11-27T15:30` in a time zone; empty for none. */
export function toLocal(moment: string | undefined, timeZone: string): string {
  if (moment === undefined) return "";
  const parts = dateFormat("sv-SE", {
    timeZone,
    dateStyle: "short",
    timeStyle: "short",
  }).format(Date.parse(moment));
  return parts.replace(" ", "T");
}

/** `15:30` in a time zone; empty for none. */
export function localClock(moment: string | undefined, timeZone: string): string {
  return toLocal(moment, timeZone).slice(-"15:30".length);
}

/** The moment that stands in the box; `null` when there is none. */
export function fromLocal(text: string, timeZone: string): string | null {
  const asUtc = Date.parse(`${text}Z`);
  if (Number.isNaN(asUtc)) return null;
  // How far the zone is ahead of UTC about then: twice, for a change in between.
  let moment = asUtc;
  for (let turn = 0; turn < 2; turn += 1) {
    const shown = Date.parse(`${toLocal(new Date(moment).toISOString(), timeZone)}Z`);
    moment += asUtc - shown;
  }
  return new Date(moment).toISOString();
}
