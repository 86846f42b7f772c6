import { describe, expect, it, vi } from "vitest";
import type { SlotDetail } from "@generated/SlotDetail";
import { CallFailure } from "../api/http";
import { FIGURES, layout, photo, revision, SLOT, slotWith } from "../testing";
import { Desk, type DeskSource } from "./desk.svelte";

const head = revision("a", 1, FIGURES);
const other = revision("b", 1, { ...FIGURES, "votes.1": 90 });
const single = slotWith({ heads: [head] });
const conflict = slotWith({
  etag: '"2"',
  state: "conflict",
  heads: [head, other],
  figures: {},
});

function deskWith(present: SlotDetail, rule: DeskSource["rule"] = async () => null) {
  const source = { read: vi.fn(async () => present), ahead: async () => null, rule: vi.fn(rule) };
  return { desk: new Desk(SLOT, [layout], source), source };
}

describe("a slot on the desk", () => {
  it("is verified with the chosen witness's figures and the version that was seen", async () => {
    const { desk, source } = deskWith(conflict);
    await desk.open();
    expect(desk.verification()).toBeNull();
    desk.choose(1);
    const request = desk.verification();
    expect(request).toEqual({ kind: "verify", chosen: "b-1" });
    if (request) expect(await desk.rule(request)).toBe("done");
    expect(source.rule).toHaveBeenCalledWith(SLOT, '"2"', request);
  });

  it("is verified with own figures, begun from what all agree on", async () => {
    const { desk } = deskWith(conflict);
    await desk.open();
    desk.edit();
    expect(desk.typed).not.toHaveProperty("votes.1");
    desk.type("votes.1", "85");
    expect(desk.verification()).toEqual({
      kind: "verify",
      counts: { ...FIGURES, "votes.1": 85 },
    });
  });

  it("shows what is new when a ruling is turned down, and rules on that next", async () => {
    const turnedDown = new CallFailure("precondition_failed", 412, { present: conflict });
    const rule = vi.fn<DeskSource["rule"]>().mockRejectedValueOnce(turnedDown);
    const { desk } = deskWith(single, rule);
    await desk.open();
    expect(await desk.rule({ kind: "verify", chosen: "a-1" })).toBe("changed");
    expect(desk.turnedDown?.revisions.map(({ revision }) => revision.rev_id)).toEqual(["b-1"]);
    expect(desk.seen?.etag).toBe('"2"');
    await desk.rule({ kind: "verify", chosen: "a-1" });
    expect(rule).toHaveBeenLastCalledWith(SLOT, '"2"', expect.anything());
  });

  it("shows more of a photo as it arrives, and keeps the ruling that is being made", async () => {
    const partly = (bytes: number) => [{ ...photo("a", 1, false), received_bytes: bytes }];
    const { desk, source } = deskWith({ ...single, photos: partly(10) });
    await desk.open();
    desk.edit();
    source.read.mockResolvedValue({ ...single, photos: partly(90_000) });
    await desk.lookAgain();
    expect(desk.seen?.photos[0]?.received_bytes).toBe(90_000);
    expect(desk.typed).not.toBeNull();
    expect(desk.newer).toBeNull();
  });

  it("keeps what was typed when a ruling fails or is turned down", async () => {
    const turnedDown = new CallFailure("precondition_failed", 412, { present: conflict });
    const { desk } = deskWith(single, async () => Promise.reject(turnedDown));
    await desk.open();
    desk.edit();
    desk.type("votes.1", "85");
    await desk.rule({ kind: "verify", counts: {} });
    expect(desk.typed?.["votes.1"]).toBe("85");
  });

  it("does not change under one's eyes when figures arrive, but says so", async () => {
    const { desk, source } = deskWith(single);
    await desk.open();
    source.read.mockResolvedValue(conflict);
    await desk.lookAgain();
    expect(desk.seen?.etag).toBe('"1"');
    expect(desk.waiting?.revisions).toHaveLength(1);
    desk.showNewer();
    expect(desk.seen?.etag).toBe('"2"');
    expect(desk.waiting).toBeNull();
  });

  it("shows photos as they arrive", async () => {
    const { desk, source } = deskWith(single);
    await desk.open();
    source.read.mockResolvedValue({ ...single, etag: '"3"', photos: [photo("a", 1, true)] });
    await desk.lookAgain();
    expect(desk.seen?.photos).toHaveLength(1);
    expect(desk.newer).toBeNull();
  });

  it("says why it cannot be read", async () => {
    const { desk, source } = deskWith(single);
    source.read.mockRejectedValue(new CallFailure("unreachable", 0));
    await desk.open();
    expect(desk.failure).toBe("unreachable");
  });
});
