import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Live, type Source } from "./live.svelte";

class FakeSource implements Source {
  readyState = 1;
  handlers = new Map<string, (event: MessageEvent<string>) => void>();
  constructor(readonly after: string | null) {}
  addEventListener(name: string, handler: (event: MessageEvent<string>) => void) {
    this.handlers.set(name, handler);
  }
  close = vi.fn();
  say(name: string, data = "{}", lastEventId = "") {
    this.handlers.get(name)?.(new MessageEvent(name, { data, lastEventId }));
  }
}

const CHANGE = { slot: "e/1/gub", tps: "1", state: "single", log_index: 7 };
let sources: FakeSource[];
let live: Live;
const heard = { slot: vi.fn(), reset: vi.fn() };
const newest = () => sources.at(-1) as FakeSource;

beforeEach(() => {
  vi.useFakeTimers();
  vi.clearAllMocks();
  sources = [];
  live = new Live(
    (after) => {
      const source = new FakeSource(after);
      sources.push(source);
      return source;
    },
    async () => null,
  );
  live.listen(heard);
  live.start();
});
afterEach(() => {
  live.stop();
  vi.useRealTimers();
});

describe("the line to the endpoint's events", () => {
  it("hands on what changes", () => {
    newest().say("open");
    newest().say("slot", JSON.stringify(CHANGE), "7");
    expect(live.state).toBe("live");
    expect(heard.slot).toHaveBeenCalledWith(CHANGE);
  });

  it("leaves reconnecting to the browser as long as that tries", async () => {
    newest().say("open");
    newest().readyState = 0;
    newest().say("error");
    expect(live.state).toBe("down");
    await vi.advanceTimersByTimeAsync(60_000);
    expect(sources).toHaveLength(1);
  });

  it("starts anew where it was when the browser gave up", async () => {
    newest().say("open");
    newest().say("slot", JSON.stringify(CHANGE), "7");
    newest().readyState = 2;
    newest().say("error");
    await vi.advanceTimersByTimeAsync(1_000);
    expect(newest().after).toBe("7");
    newest().say("open");
    expect(live.state).toBe("live");
    expect(heard.reset).not.toHaveBeenCalled();
  });

  it("has everything read again when it does not know where it was", async () => {
    newest().say("open");
    newest().readyState = 2;
    newest().say("error");
    await vi.advanceTimersByTimeAsync(1_000);
    newest().say("open");
    expect(heard.reset).toHaveBeenCalledOnce();
  });

  it("has everything read again when the endpoint says so", () => {
    newest().say("open");
    newest().say("reset", "{}", "90");
    expect(heard.reset).toHaveBeenCalledOnce();
  });

  it("stays stopped when it was stopped", async () => {
    newest().readyState = 2;
    newest().say("error");
    live.stop();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(sources).toHaveLength(1);
  });
});
