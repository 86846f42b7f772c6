// The endpoint's calls for coverage and calling, one function each.
import type { Call } from "@generated/Call";
import type { CallRequest } from "@generated/CallRequest";
import type { CallsAnswer } from "@generated/CallsAnswer";
import type { CoverageAnswer } from "@generated/CoverageAnswer";
import type { Message } from "@generated/Message";
import type { MessageReach } from "@generated/MessageReach";
import type { MessageRequest } from "@generated/MessageRequest";
import type { MessagesAnswer } from "@generated/MessagesAnswer";
import type { Stage } from "@generated/Stage";
import type { StationsAnswer } from "@generated/StationsAnswer";
import { call } from "../api/http";

/** What board and list ask alike. */
export interface Where {
  region: string;
  contest: string | null;
  silentMinutes: number;
}

/** Which polling stations to list. */
export interface Which {
  stage: Stage | null;
  isSilent: boolean;
  order: "place" | "silence";
}

function queryOf({ region, contest, silentMinutes }: Where): URLSearchParams {
  const query = new URLSearchParams({ region, silent_minutes: String(silentMinutes) });
  if (contest !== null) query.set("contest", contest);
  return query;
}

export const readBoard = (where: Where) => call<CoverageAnswer>(`/v1/coverage?${queryOf(where)}`);

export function readStations(where: Where, { stage, isSilent, order }: Which) {
  const query = queryOf(where);
  query.set("order", order);
  if (stage !== null) query.set("stage", stage);
  if (isSilent) query.set("silent", "true");
  return call<StationsAnswer>(`/v1/coverage/stations?${query}`);
}

export const readCalls = (tps: string) => call<CallsAnswer>(`/v1/coverage/calls?tps=${tps}`);

export const noteCall = (body: CallRequest) =>
  call<Call>("/v1/coverage/calls", { method: "POST", body });

export const setPhone = (witness: string, phone: string) =>
  call<null>(`/v1/coverage/witnesses/${encodeURIComponent(witness)}/phone`, {
    method: "POST",
    body: { phone },
  });

export const readMessages = () => call<MessagesAnswer>("/v1/messages");

export const sendMessage = (body: MessageRequest) =>
  call<Message>("/v1/messages", { method: "POST", body });

export const readReach = (number: number) => call<MessageReach>(`/v1/messages/${number}/reach`);
