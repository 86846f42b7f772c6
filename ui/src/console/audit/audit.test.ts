import type { AuditAnswer } from "@generated/AuditAnswer";
import type { AuditChain } from "@generated/AuditChain";
import type { AuditEntry } from "@generated/AuditEntry";
import type { LogEvent } from "@generated/LogEvent";
import { describe, expect, it, vi } from "vitest";
import { CallFailure } from "../api/http";
import { ChainWalk } from "./chain.svelte";
import { sentenceOf, slotsOf } from "./events";
import { eventsEn } from "./events.en";
import { eventsId } from "./events.id";
import { Trail } from "./trail.svelte";

const SLOT = "kaltim-2024/6472011001003/gub";
const NAMES = { "6472011001": "Sambutan", "dev-1": "Siti (contoh)" };

function entry(log_index: number): AuditEntry {
  const event: LogEvent = { kind: "signed_in", name: "rani" };
  return { log_index, at: "2024-11-27T07:31:04.120Z", actor: "rani", event, hash: "ab".repeat(32) };
}

function answer(indices: number[], next: number | null, newest: number): AuditAnswer {
  return { entries: indices.map(entry), next, newest, names: {} };
}

const shown = (trail: Trail) => trail.entries.map(({ log_index }) => log_index);

describe("sentences of the log", () => {
  it("say who and where in words, in both languages", () => {
    const event: LogEvent = {
      kind: "revision",
      slot: SLOT,
      rev_id: "r",
      device: "dev-1",
      state: "conflict",
    };
    expect(sentenceOf(eventsId, event, NAMES)).toBe(
      "Kiriman Siti (contoh) untuk TPS 003 Sambutan (gub) diterima: berbeda",
    );
    expect(sentenceOf(eventsEn, event, NAMES)).toContain("was taken in: in conflict");
    expect(slotsOf(event)).toEqual([SLOT]);
  });

  it("name a kind that only a newer endpoint knows", () => {
    const event = { kind: "moon_landing" } as unknown as LogEvent;
    expect(sentenceOf(eventsId, event, {})).toBe("moon_landing");
  });
});

describe("the trail", () => {
  it("goes on with older pages and puts what is new on top", async () => {
    const read = vi
      .fn()
      .mockResolvedValueOnce(answer([9, 8], 8, 9))
      .mockResolvedValueOnce(answer([5, 3], null, 9))
      .mockResolvedValueOnce(answer([11, 10], null, 11));
    const trail = new Trail(read);
    await trail.open({});
    await trail.more();
    expect(shown(trail)).toEqual([9, 8, 5, 3]);
    expect(trail.hasMore).toBe(false);
    await trail.tail();
    expect(read).toHaveBeenLastCalledWith({}, { after: 9 });
    expect(shown(trail)).toEqual([11, 10, 9, 8, 5, 3]);
  });

  it("leaves no gap when more has come than one page holds", async () => {
    const read = vi
      .fn()
      .mockResolvedValueOnce(answer([2, 1], null, 2))
      .mockResolvedValueOnce(answer([90, 89], 89, 90));
    const trail = new Trail(read);
    await trail.open({});
    await trail.tail();
    expect(shown(trail)).toEqual([90, 89]);
    expect(trail.hasMore).toBe(true);
  });

  it("keeps what is there when the line breaks, and shows only what was asked for last", async () => {
    let late: (answer: AuditAnswer) => void = () => undefined;
    const read = vi
      .fn()
      .mockReturnValueOnce(new Promise<AuditAnswer>((done) => (late = done)))
      .mockResolvedValueOnce(answer([4], null, 4))
      .mockRejectedValueOnce(new CallFailure("unreachable", 0));
    const trail = new Trail(read);
    const first = trail.open({});
    await trail.open({ actor: "rani" });
    late(answer([1], null, 1));
    await first;
    expect(shown(trail)).toEqual([4]);
    await trail.tail();
    expect([trail.failure, shown(trail)]).toEqual(["unreachable", [4]]);
  });
});

describe("the walk along the chain", () => {
  const stretch = (checked_to: number, newest: number, broken_at: number | null): AuditChain => ({
    checked_to,
    hash: `h${checked_to}`,
    broken_at,
    checkpoints: 0,
    newest,
    checkpoint: null,
  });

  it("goes on from the hash that the last stretch ended with", async () => {
    const walk = vi
      .fn()
      .mockResolvedValueOnce(stretch(5000, 7000, null))
      .mockResolvedValueOnce(stretch(7000, 7000, null));
    const chain = new ChainWalk(walk);
    await chain.on();
    expect(walk.mock.calls).toEqual([
      [0, null],
      [5000, "h5000"],
    ]);
    expect([chain.checkedTo, chain.brokenAt]).toEqual([7000, null]);
  });

  it("stops at a break, and begins anew only when it is asked to", async () => {
    const walk = vi.fn().mockResolvedValue(stretch(41, 100, 42));
    const chain = new ChainWalk(walk);
    await chain.on();
    await chain.on();
    expect([walk.mock.calls.length, chain.brokenAt]).toEqual([1, 42]);
    await chain.again();
    expect(walk).toHaveBeenLastCalledWith(0, null);
  });
});
