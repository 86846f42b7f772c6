// The endpoint's calls for the counting room, one function each.
import type { DecisionRequest } from "@generated/DecisionRequest";
import type { Mark } from "@generated/Mark";
import type { OriginalRequest } from "@generated/OriginalRequest";
import type { ProgressAnswer } from "@generated/ProgressAnswer";
import type { RefusedAnswer } from "@generated/RefusedAnswer";
import type { RegionsAnswer } from "@generated/RegionsAnswer";
import type { RollupAnswer } from "@generated/RollupAnswer";
import type { Session } from "@generated/Session";
import type { SheetPlace } from "@generated/SheetPlace";
import type { SignIn } from "@generated/SignIn";
import type { SlotDetail } from "@generated/SlotDetail";
import type { SlotState } from "@generated/SlotState";
import type { SlotSummary } from "@generated/SlotSummary";
import type { SlotsAnswer } from "@generated/SlotsAnswer";
import type { PaperFilter } from "../state/route";
import { call } from "./http";

/** Slots in one page of the list. */
export const PAGE_SLOTS = 200;

/** Which slots to list; `null` means any. */
export interface SlotFilter {
  region: string | null;
  contest: string | null;
  state: SlotState | null;
  mark: Mark | null;
  /** Where the paper is. */
  paper: PaperFilter | null;
  /** `null`: by place; `bubbles`: where bubbles say otherwise of most figures first. */
  order: "bubbles" | null;
}

export const readSession = () => call<Session>("/v1/session");

export const signIn = (body: SignIn) => call<null>("/v1/session", { method: "POST", body });

export const signOut = () => call<null>("/v1/session", { method: "DELETE" });

export const readRegions = (within: string) =>
  call<RegionsAnswer>(`/v1/regions?within=${encodeURIComponent(within)}`);

export function readSlots(
  filter: SlotFilter,
  after: string | null,
  signal?: AbortSignal,
): Promise<SlotsAnswer> {
  const query = new URLSearchParams({ limit: String(PAGE_SLOTS) });
  for (const key of ["region", "contest", "state", "mark", "paper", "order"] as const) {
    const value = filter[key];
    if (value !== null) query.set(key, value);
  }
  if (after !== null) query.set("after", after);
  return call<SlotsAnswer>(`/v1/slots?${query}`, signal ? { signal } : {});
}

/** One slot's line in the list, whatever the filter; `null` when it cannot be seen. */
export async function readSummary(slot: string): Promise<SlotSummary | null> {
  const { tps, contest } = partsOf(slot);
  const query = new URLSearchParams({ region: tps, contest, limit: "2" });
  const answer = await call<SlotsAnswer>(`/v1/slots?${query}`);
  return answer.slots.find((line) => line.slot === slot) ?? null;
}

export const readSlot = (slot: string, signal?: AbortSignal) =>
  call<SlotDetail>(slotPath(slot), signal ? { signal } : {});

export const decide = (slot: string, etag: string, body: DecisionRequest) =>
  call<unknown>(`${slotPath(slot)}/decisions`, { method: "POST", body, ifMatch: etag });

/** Asks the phones for the original of a photo, by the hash of its reading copy. */
export const askForOriginal = (slot: string, photo: string) =>
  call<null>(`${slotPath(slot)}/originals`, {
    method: "POST",
    body: { photo } satisfies OriginalRequest,
  });

/** The totals of the regions directly below one; seats without the parties `belowThreshold`. */
export function readRollup(
  election: string,
  contest: string,
  region: string,
  belowThreshold: number[] = [],
): Promise<RollupAnswer> {
  const query = new URLSearchParams({ election, contest, region });
  if (belowThreshold.length > 0) query.set("below_threshold", belowThreshold.join(","));
  return call<RollupAnswer>(`/v1/rollup?${query}`);
}

/** How the night went in a region, down to a village. */
export function readProgress(
  election: string,
  contest: string,
  region: string,
): Promise<ProgressAnswer> {
  const query = new URLSearchParams({ election, contest, region });
  return call<ProgressAnswer>(`/v1/progress?${query}`);
}

export const readRefused = () => call<RefusedAnswer>("/v1/refused");

export const admit = (revId: string, reason: string) =>
  call<unknown>(`/v1/refused/${encodeURIComponent(revId)}/admit`, {
    method: "POST",
    body: { reason },
  });

/**
 * Where a photo's reading copy is; with a width in pixels, a smaller one. Of a
 * photo that is still arriving, `part` is how many bytes are known to be here:
 * with more of them it is another address, so the browser asks anew.
 */
export function photoUrl(sha256: string, width?: number, part?: number): string {
  const query = new URLSearchParams();
  if (width !== undefined) query.set("width", String(width));
  if (part !== undefined) query.set("part", String(part));
  return `/v1/photos/${sha256}${query.size === 0 ? "" : `?${query}`}`;
}

/** Where the sheet lies in a photo; `not_found` when no page that is known is on it. */
export const readSheet = (sha256: string) => call<SheetPlace>(`/v1/photos/${sha256}/sheet`);

/** The parts of a slot's id `{election}/{tps}/{contest}`. */
export function partsOf(slot: string): { election: string; tps: string; contest: string } {
  const [election = "", tps = "", contest = ""] = slot.split("/");
  return { election, tps, contest };
}

function slotPath(slot: string): string {
  return `/v1/slots/${slot.split("/").map(encodeURIComponent).join("/")}`;
}
