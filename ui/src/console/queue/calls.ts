// The endpoint's calls for the queue, one function each.
import type { ClaimAnswer } from "@generated/ClaimAnswer";
import type { ClaimRequest } from "@generated/ClaimRequest";
import type { PeopleAnswer } from "@generated/PeopleAnswer";
import type { QueueAnswer } from "@generated/QueueAnswer";
import type { QueueSettings } from "@generated/QueueSettings";
import type { QueueSettingsRequest } from "@generated/QueueSettingsRequest";
import type { ReadingAnswer } from "@generated/ReadingAnswer";
import type { ReadingRequest } from "@generated/ReadingRequest";
import type { RenewAnswer } from "@generated/RenewAnswer";
import { call } from "../api/http";

export function readQueue(region: string | null, contest: string | null): Promise<QueueAnswer> {
  const query = new URLSearchParams();
  if (region !== null) query.set("region", region);
  if (contest !== null) query.set("contest", contest);
  return call<QueueAnswer>(`/v1/queue${query.size === 0 ? "" : `?${query}`}`);
}

export const claim = (body: ClaimRequest) =>
  call<ClaimAnswer>("/v1/queue/claim", { method: "POST", body });

export const renew = (slot: string) =>
  call<RenewAnswer>("/v1/queue/renew", { method: "POST", body: { on_screen: slot } });

/** Gives up these items, or all when none is named; skipped ones are not offered again as they are. */
export const release = (slots: string[], isSkipped: boolean) =>
  call<null>("/v1/queue/release", { method: "POST", body: { slots, is_skipped: isSkipped } });

/** Gives up everything while the page goes away: nobody is there to hear of a failure. */
export function releaseOnLeaving(): void {
  void fetch("/v1/queue/release", {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ slots: [], is_skipped: false }),
    credentials: "same-origin",
    keepalive: true,
  }).catch(() => undefined);
}

export const sendReading = (body: ReadingRequest) =>
  call<ReadingAnswer>("/v1/queue/readings", { method: "POST", body });

export const setQueue = (body: QueueSettingsRequest) =>
  call<QueueSettings>("/v1/queue/settings", { method: "POST", body });

export const readPeople = () => call<PeopleAnswer>("/v1/queue/people");
