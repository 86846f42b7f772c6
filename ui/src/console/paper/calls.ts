// The endpoint's calls for the paper, one function each.
import type { PaperAct } from "@generated/PaperAct";
import type { PaperHistory } from "@generated/PaperHistory";
import type { PaperListAnswer } from "@generated/PaperListAnswer";
import type { PaperListRequest } from "@generated/PaperListRequest";
import type { PaperListsAnswer } from "@generated/PaperListsAnswer";
import type { PapersAnswer } from "@generated/PapersAnswer";
import { call } from "../api/http";

export const readStation = (tps: string) => call<PapersAnswer>(`/v1/paper/stations/${tps}`);

export const readHistory = (slot: string) =>
  call<PaperHistory>(`/v1/paper/slots/${slot.split("/").map(encodeURIComponent).join("/")}`);

export const notePaper = (slots: string[], act: PaperAct, note?: string) =>
  call<PapersAnswer>("/v1/paper", {
    method: "POST",
    body: { slots, act, ...(note ? { note } : {}) },
  });

export const readLists = () => call<PaperListsAnswer>("/v1/paper/lists");

export const readList = (code: string) => call<PaperListAnswer>(`/v1/paper/lists/${code}`);

export const makeList = (body: PaperListRequest) =>
  call<PaperListAnswer>("/v1/paper/lists", { method: "POST", body });

/** Where the QR code of a list is. */
export const qrUrl = (code: string) => `/v1/paper/lists/${code}/qr.svg`;
