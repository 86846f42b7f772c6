// Every kind of log entry has a sentence in both languages, or the type check
// fails: the kinds come from the endpoint's own type.
import type { LogEvent } from "@generated/LogEvent";
import type { Names } from "./names";

export type Kind = LogEvent["kind"];
export type EventOf<K extends Kind> = Extract<LogEvent, { kind: K }>;

/** What is said of an event of each kind. */
export type EventSentences = {
  [K in Kind]: { name: string; say: (event: EventOf<K>, names: Names) => string };
};

/** The sentence of an event; a kind of a newer endpoint is told by its name. */
export function sentenceOf(table: EventSentences, event: LogEvent, names: Names): string {
  const entry = table[event.kind] as EventSentences[Kind] | undefined;
  if (!entry) return String((event as { kind: string }).kind);
  return (entry.say as (event: LogEvent, names: Names) => string)(event, names);
}

/** The slots that an event names, for links to them. */
export function slotsOf(event: LogEvent): string[] {
  if ("slot" in event && typeof event.slot === "string") return [event.slot];
  if ("slots" in event && Array.isArray(event.slots)) return event.slots;
  return [];
}

/** The device that an event names. */
export function deviceOf(event: LogEvent): string | null {
  return "device" in event && typeof event.device === "string" ? event.device : null;
}
