// The endpoint's calls for irregularities, one function each.
import type { IrregularitiesAnswer } from "@generated/IrregularitiesAnswer";
import type { IrregularityRuling } from "@generated/IrregularityRuling";
import type { IrregularityRulingRequest } from "@generated/IrregularityRulingRequest";
import type { IrregularitySettings } from "@generated/IrregularitySettings";
import type { IrregularitySettingsRequest } from "@generated/IrregularitySettingsRequest";
import type { TurnoutAnswer } from "@generated/TurnoutAnswer";
import { call } from "../api/http";
import type { IrregularFilter } from "../state/route";

/** Irregularities in one page of the list: a screen of them, and as many again. */
export const PAGE_ITEMS = 40;
/** The most that the endpoint gives at a time. */
const ITEMS_MAX = 500;

function queryOf(filter: IrregularFilter): URLSearchParams {
  const query = new URLSearchParams();
  for (const key of ["region", "contest", "code", "ruling"] as const) {
    const value = filter[key];
    if (value !== null) query.set(key, value);
  }
  if (filter.notices) query.set("notices", "true");
  return query;
}

/** A page from `from` on, or more where more are to be read anew. */
export function readIrregularities(
  filter: IrregularFilter,
  from: number,
  items = PAGE_ITEMS,
): Promise<IrregularitiesAnswer> {
  const query = queryOf(filter);
  query.set("limit", String(Math.min(items, ITEMS_MAX)));
  query.set("from", String(from));
  return call<IrregularitiesAnswer>(`/v1/irregularities?${query}`);
}

/** What is irregular in one slot, notices left out. */
export const readOfSlot = (slot: string) =>
  call<IrregularitiesAnswer>(`/v1/irregularities?${new URLSearchParams({ slot })}`);

/** Where the list lies as a table. */
export const tableUrl = (filter: IrregularFilter) => `/v1/irregularities.csv?${queryOf(filter)}`;

export const ruleOn = (body: IrregularityRulingRequest) =>
  call<IrregularityRuling>("/v1/irregularities/rulings", { method: "POST", body });

export const readSettings = () => call<IrregularitySettings>("/v1/irregularities/settings");

export const setSettings = (body: IrregularitySettingsRequest) =>
  call<IrregularitySettings>("/v1/irregularities/settings", { method: "POST", body });

export const readTurnout = (region: string, contest: string) =>
  call<TurnoutAnswer>(`/v1/turnout?${new URLSearchParams({ region, contest })}`);
