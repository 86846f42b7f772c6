// The calls of a wall display, with the token of its link; and an admin's for
// the links themselves.
import type { WallLinkMade } from "@generated/WallLinkMade";
import type { WallLinkRequest } from "@generated/WallLinkRequest";
import type { WallLinksAnswer } from "@generated/WallLinksAnswer";
import type { WallNews } from "@generated/WallNews";
import type { WallTotals } from "@generated/WallTotals";
import type { WallView } from "@generated/WallView";
import { call } from "../api/http";

/** How long the endpoint may hold a question for news, and the way back, in milliseconds. */
const NEWS_PATIENCE_MS = 40_000;

/** What a wall display asks for. */
export interface WallCalls {
  view(): Promise<WallView>;
  totals(contest: string, region: string): Promise<WallTotals>;
  /** Answers when something has changed; at once when `after` is `null`. */
  news(after: number | null): Promise<WallNews>;
}

export function wallCalls(token: string): WallCalls {
  return {
    view: () => call<WallView>("/v1/wall", { token }),
    totals: (contest, region) =>
      call<WallTotals>(`/v1/wall/totals?${new URLSearchParams({ contest, region })}`, { token }),
    news: (after) =>
      call<WallNews>(`/v1/wall/news${after === null ? "" : `?after=${after}`}`, {
        token,
        patienceMs: NEWS_PATIENCE_MS,
      }),
  };
}

export const readWallLinks = () => call<WallLinksAnswer>("/v1/walls");

export const makeWallLink = (body: WallLinkRequest) =>
  call<WallLinkMade>("/v1/walls", { method: "POST", body });

export const revokeWallLink = (id: number) => call<null>(`/v1/walls/${id}`, { method: "DELETE" });
