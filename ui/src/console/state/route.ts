// Where in the console one is, as the part of the address behind "#".
import type { SlotFilter } from "../api/calls";
import type { IrregularityRulingKind } from "@generated/IrregularityRulingKind";
import type { AuditFilter } from "@generated/AuditFilter";
import type { Mark } from "@generated/Mark";
import type { SlotState } from "@generated/SlotState";

export type Route =
  | { screen: "slots"; filter: SlotFilter }
  | { screen: "slot"; slot: string }
  | { screen: "totals"; region: string | null; contest: string | null }
  | { screen: "refused" }
  | { screen: "queue" }
  | { screen: "desk" }
  | { screen: "workbooks" }
  | { screen: "irregularities"; filter: IrregularFilter }
  | { screen: "turnout"; region: string | null; contest: string | null }
  | { screen: "official"; region: string | null; contest: string | null }
  /** The desk where papers arrive, or one hand-over list. */
  | { screen: "paper"; list: string | null }
  | { screen: "coverage"; region: string | null; contest: string | null }
  | { screen: "audit"; filter: AuditFilter };

/** Which irregularities to list; `null` means any. */
export interface IrregularFilter {
  region: string | null;
  contest: string | null;
  code: string | null;
  /** `open`: nobody has ruled on these numbers. */
  ruling: Ruled | null;
  /** Also what is merely unusual. */
  notices: boolean;
}

export type Ruled = IrregularityRulingKind | "open";

export const RULED: readonly Ruled[] = ["open", "explained", "follow_up", "settled"];

/** What nobody has ruled on: where one begins. */
export const EVERY_IRREGULARITY: IrregularFilter = {
  region: null,
  contest: null,
  code: null,
  ruling: "open",
  notices: false,
};

export const STATES: readonly SlotState[] = [
  "conflict",
  "stale",
  "single",
  "agreed",
  "verified",
  "empty",
];
/** Where a paper is, to list slots by. */
export const PAPERS = ["here", "not_here", "handed_over", "not_compared", "differs"] as const;
export type PaperFilter = (typeof PAPERS)[number];

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
  paper: null,
  order: null,
};

export function parse(hash: string): Route {
  const [path = "", search = ""] = hash.replace(/^#\/?/, "").split("?");
  const query = new URLSearchParams(search);
  const [screen, ...rest] = path.split("/").map(decodeURIComponent);
  const region = query.get("region");
  const contest = query.get("contest");
  if (screen === "slot" && rest.length === 3) return { screen, slot: rest.join("/") };
  if (screen === "totals" || screen === "turnout" || screen === "official") {
    return { screen, region, contest };
  }
  if (screen === "irregularities") {
    const ruling = RULED.find((known) => known === query.get("ruling")) ?? null;
    const notices = query.get("notices") === "true";
    return { screen, filter: { region, contest, code: query.get("code"), ruling, notices } };
  }
  if (screen === "coverage") return { screen, region, contest };
  if (screen === "paper") return { screen, list: rest[0] ?? null };
  if (screen === "audit") return { screen, filter: auditFilter(query) };
  if (screen === "refused" || screen === "queue") return { screen };
  if (screen === "desk" || screen === "workbooks") return { screen };
  const state = STATES.find((known) => known === query.get("state")) ?? null;
  const mark = MARKS.find((known) => known === query.get("mark")) ?? null;
  const paper = PAPERS.find((known) => known === query.get("paper")) ?? null;
  const order = query.get("order") === "bubbles" ? "bubbles" : null;
  return { screen: "slots", filter: { region, contest, state, mark, paper, order } };
}

export function format(route: Route): string {
  switch (route.screen) {
    case "slot":
      return `#/slot/${route.slot.split("/").map(encodeURIComponent).join("/")}`;
    case "refused":
      return "#/refused";
    case "queue":
      return "#/queue";
    case "desk":
      return "#/desk";
    case "workbooks":
      return "#/workbooks";
    case "paper":
      return route.list === null ? "#/paper" : `#/paper/${encodeURIComponent(route.list)}`;
    case "coverage":
      return `#/coverage${search({ region: route.region, contest: route.contest })}`;
    case "audit":
      return `#/audit${search(Object.fromEntries(Object.entries(route.filter)))}`;
    case "totals":
    case "turnout":
    case "official":
      return `#/${route.screen}${search({ region: route.region, contest: route.contest })}`;
    case "irregularities":
      return `#/irregularities${search({ ...route.filter, notices: route.filter.notices ? "true" : null })}`;
    case "slots":
      return `#/slots${search({ ...route.filter })}`;
  }
}

const AUDIT_KEYS = [
  "actor",
  "device",
  "witness",
  "kind",
  "slot",
  "region",
  "from",
  "to",
] as const satisfies readonly (keyof AuditFilter)[];

function auditFilter(query: URLSearchParams): AuditFilter {
  const filter: AuditFilter = {};
  for (const key of AUDIT_KEYS) {
    const value = query.get(key);
    if (value) filter[key] = value;
  }
  return filter;
}

function search(values: Record<string, string | null>): string {
  const set = Object.entries(values).filter((entry): entry is [string, string] => !!entry[1]);
  return set.length === 0 ? "" : `?${new URLSearchParams(set)}`;
}
