// Where in the console one is, as the part of the address behind "#".
import type { SlotFilter } from "../api/calls";
import type { Mark } from "@generated/Mark";
import type { SlotState } from "@generated/SlotState";

export type Route =
  | { screen: "slots"; filter: SlotFilter }
  | { screen: "slot"; slot: string }
  | { screen: "totals"; region: string | null; contest: string | null }
  | { screen: "refused" }
  | { screen: "queue" };

export const STATES: readonly SlotState[] = [
  "conflict",
  "stale",
  "single",
  "agreed",
  "verified",
  "empty",
];
export const MARKS: readonly Mark[] = [
  "returned",
  "bubbles_differ",
  "same_photo",
  "ever_conflicted",
  "fork",
  "photos_differ",
];

/** The marks worth showing beside a state: a conflict says itself that figures differ. */
export function marksBeside(state: SlotState, marks: Mark[]): Mark[] {
  return marks.filter((mark) => state !== "conflict" || mark !== "ever_conflicted");
}

/** No filter at all. */
export const EVERYTHING: SlotFilter = {
  region: null,
  contest: null,
  state: null,
  mark: null,
  order: null,
};

export function parse(hash: string): Route {
  const [path = "", search = ""] = hash.replace(/^#\/?/, "").split("?");
  const query = new URLSearchParams(search);
  const [screen, ...rest] = path.split("/").map(decodeURIComponent);
  const region = query.get("region");
  const contest = query.get("contest");
  if (screen === "slot" && rest.length === 3) return { screen, slot: rest.join("/") };
  if (screen === "totals") return { screen, region, contest };
  if (screen === "refused" || screen === "queue") return { screen };
  const state = STATES.find((known) => known === query.get("state")) ?? null;
  const mark = MARKS.find((known) => known === query.get("mark")) ?? null;
  const order = query.get("order") === "bubbles" ? "bubbles" : null;
  return { screen: "slots", filter: { region, contest, state, mark, order } };
}

export function format(route: Route): string {
  switch (route.screen) {
    case "slot":
      return `#/slot/${route.slot.split("/").map(encodeURIComponent).join("/")}`;
    case "refused":
      return "#/refused";
    case "queue":
      return "#/queue";
    case "totals":
      return `#/totals${search({ region: route.region, contest: route.contest })}`;
    case "slots":
      return `#/slots${search({ ...route.filter })}`;
  }
}

function search(values: Record<string, string | null>): string {
  const set = Object.entries(values).filter((entry): entry is [string, string] => !!entry[1]);
  return set.length === 0 ? "" : `?${new URLSearchParams(set)}`;
}
