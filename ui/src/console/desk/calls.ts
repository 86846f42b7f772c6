// The endpoint's calls for the entry desk, one function each.
import type { DeskEntries } from "@generated/DeskEntries";
import type { DeskEntryAnswer } from "@generated/DeskEntryAnswer";
import type { DeskEntryRequest } from "@generated/DeskEntryRequest";
import type { DeskForm } from "@generated/DeskForm";
import type { DeskStations } from "@generated/DeskStations";
import { call } from "../api/http";

export const findStations = (q: string, contest: string, signal?: AbortSignal) =>
  call<DeskStations>(
    `/v1/desk/stations?${new URLSearchParams({ q, contest })}`,
    signal ? { signal } : {},
  );

export const readForm = (slot: string) =>
  call<DeskForm>(`/v1/desk/forms/${slot.split("/").map(encodeURIComponent).join("/")}`);

export const enter = (body: DeskEntryRequest) =>
  call<DeskEntryAnswer>("/v1/desk/entries", { method: "POST", body });

/** What oneself entered, newest first; `before` is the `next` of the page before. */
export const readEntries = (before: number | null) =>
  call<DeskEntries>(`/v1/desk/entries${before === null ? "" : `?before=${before}`}`);
