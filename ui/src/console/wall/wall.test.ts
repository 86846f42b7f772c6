import type { WallTotals } from "@generated/WallTotals";
import type { WallView } from "@generated/WallView";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { CallFailure } from "../api/http";
import { slidesOf } from "./slides";
import { Wall } from "./wall.svelte";

const contest = (id: string) => ({ id, title: id, form: "f", options: [] });
const region = (code: string) => ({ code, level: "regency" as const, name: code });
const VIEW: WallView = {
  name: "Aula",
  expires_at: "2024-11-28T11:00:00.000Z",
  region: region("64"),
  below: [region("6471"), region("6472")],
  election: {
    id: "e",
    name: "Pemilihan",
    date: "2024-11-27",
    timezone: "Asia/Makassar",
    rehearsal: false,
  } as WallView["election"],
  contests: [
    { ...contest("gub"), region: "64" },
    { ...contest("wako"), region: "6471" },
  ],
};
const totals = (readAt: string): WallTotals => ({
  totals: { regions: [], lead: null },
  progress: { quarters: [] },
  read_at: readAt,
});

let calls: {
  view: ReturnType<typeof vi.fn>;
  totals: ReturnType<typeof vi.fn>;
  news: ReturnType<typeof vi.fn>;
};
let tell: (logIndex: number) => void;
let wall: Wall;
const settle = () => vi.advanceTimersByTimeAsync(0);

beforeEach(() => {
  vi.useFakeTimers({ now: Date.parse("2024-11-27T12:00:00.000Z") });
  calls = {
    view: vi.fn(async () => VIEW),
    totals: vi.fn(async (contest: string, region: string) => totals(`${contest}/${region}`)),
    news: vi.fn((after: number | null) =>
      after === null
        ? Promise.resolve({ log_index: 1 })
        : new Promise((done) => (tell = (log_index) => done({ log_index }))),
    ),
  };
  wall = new Wall(calls as never);
});
afterEach(() => {
  wall.stop();
  vi.useRealTimers();
});

describe("the slides of a wall display", () => {
  it("are each contest in the whole region and in those below that hold it", () => {
    expect(slidesOf(VIEW).map(({ key }) => key)).toEqual([
      "gub/64",
      "gub/6471",
      "gub/6472",
      "wako/6471",
    ]);
  });
});

describe("a wall display", () => {
  it("goes from slide to slide and begins again", async () => {
    wall.start();
    await settle();
    const seen = [wall.slide?.key];
    for (const ms of [20_000, 10_000, 10_000, 10_000]) {
      await vi.advanceTimersByTimeAsync(ms);
      seen.push(wall.slide?.key);
    }
    expect(seen).toEqual(["gub/64", "gub/6471", "gub/6472", "wako/6471", "gub/64"]);
    expect(wall.totals?.read_at).toBe("gub/64");
  });

  it("reads what it shows anew when something has changed", async () => {
    wall.start();
    await vi.advanceTimersByTimeAsync(1_500);
    calls.totals.mockClear();
    tell(2);
    await settle();
    expect(calls.totals).toHaveBeenCalledExactlyOnceWith("gub", "64");
  });

  it("keeps its figures when the line is lost, knows since when, and comes back", async () => {
    wall.start();
    await vi.advanceTimersByTimeAsync(1_500);
    const heardAt = wall.heardAt;
    const lost = () => Promise.reject(new CallFailure("unreachable", 0));
    calls.totals.mockImplementation(lost);
    calls.news.mockImplementation(lost);
    tell(2);
    await vi.advanceTimersByTimeAsync(5_000);
    expect(wall.line).toBe("down");
    expect(wall.totals?.read_at).toBe("gub/64");
    expect(wall.heardAt).toBeLessThan(Date.now() - 4_000);
    expect(heardAt).not.toBeNull();
    calls.totals.mockImplementation(async () => totals("again"));
    calls.news.mockImplementation(async () => ({ log_index: 3 }));
    await vi.advanceTimersByTimeAsync(11_000);
    expect(wall.line).toBe("live");
    expect(wall.totals?.read_at).toBe("again");
  });

  it("connects for as long as it takes when it starts without a line", async () => {
    calls.view.mockRejectedValueOnce(new CallFailure("unreachable", 0));
    wall.start();
    await settle();
    expect(wall.line).toBe("connecting");
    await vi.advanceTimersByTimeAsync(1_000);
    expect(wall.line).toBe("live");
  });

  it("shows nothing any more, and asks nothing, once its link has ended", async () => {
    wall.start();
    await vi.advanceTimersByTimeAsync(1_500);
    calls.totals.mockRejectedValue(new CallFailure("token_unknown", 401));
    tell(2);
    await settle();
    expect([wall.line, wall.slide, wall.totals]).toEqual(["ended", null, null]);
    calls.news.mockClear();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(calls.news).not.toHaveBeenCalled();
  });
});
