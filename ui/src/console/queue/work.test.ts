import { describe, expect, it, vi } from "vitest";
import type { ClaimRequest } from "@generated/ClaimRequest";
import type { QueueItem } from "@generated/QueueItem";
import { CallFailure } from "../api/http";
import { FIGURES, photo, revision, slotWith } from "../testing";
import { HOLD, Work } from "./work.svelte";

function item(slot: string): QueueItem {
  const heads = [revision(slot, 1, FIGURES)];
  const detail = slotWith({ slot, heads, photos: [photo(slot, 1, true), photo(slot, 2, false)] });
  return { slot, tag: `${slot}-as-it-is`, task: { way: "look", kind: "first", detail } };
}

/** An endpoint that gives out these slots, one after another. */
function endpoint(all: string[]) {
  const waiting = [...all];
  let held: string[] = [];
  const drop = (slots: string[]) => {
    held = slots.length === 0 ? [] : held.filter((slot) => !slots.includes(slot));
  };
  const source = {
    claim: vi.fn(async ({ hold, known }: ClaimRequest) => {
      while (held.length < hold && waiting.length > 0) held.push(waiting.shift() ?? "");
      const isNew = (slot: string) => !known.some((one) => one.slot === slot);
      return { held, items: held.filter(isNew).map(item), lasts_ms: 180_000 };
    }),
    renew: vi.fn(async () => ({ held })),
    release: vi.fn(async (slots: string[]) => drop(slots)),
    load: vi.fn(() => Promise.resolve()),
  };
  return { source, decided: (slot: string) => drop([slot]), work: new Work(source) };
}

const slotsOf = (work: Work) => work.items.map(({ slot }) => slot);

describe("the items in one's hands", () => {
  it("are claimed ahead, with the photos that are here", async () => {
    const { work, source } = endpoint(["a", "b", "c", "d"]);
    expect(work.state).toBe("reading");
    await work.fill();
    expect(slotsOf(work)).toEqual(["a", "b", "c"]);
    expect(source.claim).toHaveBeenNthCalledWith(1, { kinds: [], hold: 1, known: [] });
    const known = [{ slot: "a", tag: "a-as-it-is" }];
    expect(source.claim).toHaveBeenNthCalledWith(2, { kinds: [], hold: HOLD, known });
    expect(source.load).toHaveBeenCalledWith("b-1");
    expect(source.load).not.toHaveBeenCalledWith("b-2");
    expect(source.renew).toHaveBeenCalledWith("a");
  });

  it("show the first without waiting for those behind it", async () => {
    const { work, source } = endpoint(["a", "b", "c"]);
    const first = source.claim.getMockImplementation();
    source.claim.mockImplementation((asked) =>
      asked.hold === 1 && first ? first(asked) : new Promise(() => undefined),
    );
    void work.fill();
    await vi.waitFor(() => expect(work.current?.slot).toBe("a"));
  });

  it("move up at once when one is decided, and the gap is filled behind", async () => {
    const { work, decided } = endpoint(["a", "b", "c", "d"]);
    await work.fill();
    decided("a");
    work.advance();
    expect(work.current?.slot).toBe("b");
    await vi.waitFor(() => expect(slotsOf(work)).toEqual(["b", "c", "d"]));
  });

  it("are told again when they have changed, but for the one that is looked at", async () => {
    const { work, source } = endpoint(["a", "b"]);
    await work.fill();
    const changed = ["a", "b"].map((slot) => ({ ...item(slot), tag: `${slot}-later` }));
    source.claim.mockResolvedValueOnce({ held: ["a", "b"], items: changed, lasts_ms: 1 });
    await work.fill();
    expect(work.items.map(({ tag }) => tag)).toEqual(["a-as-it-is", "b-later"]);
  });

  it("do not bring back what was decided while an answer was on its way", async () => {
    const { work, source } = endpoint(["a", "b"]);
    await work.fill();
    source.claim.mockResolvedValueOnce({ held: ["a", "b"], items: [], lasts_ms: 1 });
    const late = work.fill();
    work.advance();
    await late;
    expect(slotsOf(work)).toEqual(["b"]);
  });

  it("stay on the screen when they are taken away, and say so", async () => {
    const { work, source } = endpoint(["a", "b"]);
    await work.fill();
    source.claim.mockResolvedValueOnce({ held: ["b"], items: [], lasts_ms: 1 });
    await work.fill();
    expect([work.current?.slot, work.isTaken]).toEqual(["a", true]);
    work.advance();
    expect([work.current?.slot, work.isTaken]).toEqual(["b", false]);
  });

  it("are given up when other ones are wanted, but for the one on the screen", async () => {
    const { work, source } = endpoint(["a", "b", "c"]);
    await work.fill();
    await work.narrow({ region: "6472", contest: null, kind: "finding" });
    expect(source.release).toHaveBeenCalledWith(["b", "c"], false);
    const known = [{ slot: "a", tag: "a-as-it-is" }];
    const asked = { region: "6472", kinds: ["finding"], hold: HOLD, known };
    expect(source.claim).toHaveBeenLastCalledWith(asked);
    expect(work.current?.slot).toBe("a");
  });

  it("are passed over, and given up on leaving", async () => {
    const { work, source } = endpoint(["a", "b"]);
    await work.fill();
    await work.skip();
    expect(source.release).toHaveBeenCalledWith(["a"], true);
    expect(work.current?.slot).toBe("b");
    work.stop();
    expect(source.release).toHaveBeenLastCalledWith([], false);
    expect(work.state).toBe("empty");
  });

  it("say what is wrong when none can be had", async () => {
    const { work, source } = endpoint([]);
    source.claim.mockRejectedValueOnce(new CallFailure("unreachable", 0));
    await work.fill();
    expect([work.state, work.failure]).toEqual(["failed", "unreachable"]);
    await work.fill();
    expect(work.state).toBe("empty");
  });
});
