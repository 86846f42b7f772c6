import { describe, expect, it, vi } from "vitest";
import type { SlotSummary } from "@generated/SlotSummary";
import type { SlotFilter } from "../api/calls";
import { CallFailure } from "../api/http";
import { EVERYTHING } from "../state/route";
import { row } from "../testing";
import { SlotList } from "./list.svelte";
import { scrollFor, windowOf } from "./window";

const slot = (n: number) => `e/64720110010${String(n).padStart(2, "0")}/gub`;
const change = (n: number, state: SlotSummary["state"], logIndex = 1) => ({
  slot: slot(n),
  tps: slot(n).split("/")[1] ?? "",
  state,
  log_index: logIndex,
});

/** An endpoint with ten slots, three to a page. */
function listOver(slots: SlotSummary[]) {
  const page = vi.fn(async (_: SlotFilter, after: string | null) => {
    const rest = slots.filter((one) => after === null || one.slot > after);
    const some = rest.slice(0, 3);
    return { slots: some, next: rest.length > 3 ? (some.at(-1)?.slot ?? null) : null };
  });
  const one = vi.fn(async (id: string) => slots.find((known) => known.slot === id) ?? null);
  return { list: new SlotList({ page, one }), page, one };
}
const ten = () => Array.from({ length: 10 }, (_, index) => row(slot(index)));
const settled = () => new Promise((done) => setTimeout(done));

describe("the list of slots", () => {
  it("is read anew in another order, in which any slot may come in anywhere", async () => {
    const { list, page, one } = listOver(ten());
    await list.open(EVERYTHING);
    await list.open({ ...EVERYTHING, order: "bubbles" });
    expect(page).toHaveBeenLastCalledWith({ ...EVERYTHING, order: "bubbles" }, null);
    list.changed(change(9, "single"));
    await settled();
    expect(one).toHaveBeenCalledWith(slot(9));
    expect(list.fresh).toEqual([slot(9)]);
  });

  it("is read page by page until there is no more", async () => {
    const { list, page } = listOver(ten());
    await list.open(EVERYTHING);
    expect(list.rows).toHaveLength(3);
    for (let n = 0; n < 5; n += 1) await list.more();
    expect(list.rows).toHaveLength(10);
    expect(list.isComplete).toBe(true);
    expect(page).toHaveBeenCalledTimes(4);
  });

  it("is not read again for the same filter", async () => {
    const { list, page } = listOver(ten());
    await list.open(EVERYTHING);
    await list.open({ ...EVERYTHING });
    expect(page).toHaveBeenCalledTimes(1);
    await list.open({ ...EVERYTHING, contest: "gub" });
    expect(page).toHaveBeenCalledTimes(2);
  });

  it("is walked through beyond the rows that are read", async () => {
    const { list } = listOver(ten());
    await list.open(EVERYTHING);
    expect(await list.step(1)).toBe(slot(0));
    for (let n = 1; n < 4; n += 1) expect(await list.step(1)).toBe(slot(n));
    expect(await list.step(-1)).toBe(slot(2));
    expect(list.following?.slot).toBe(slot(3));
  });

  it("changes a row where it stands, even out of the filter", async () => {
    const slots = ten();
    const { list, one } = listOver(slots);
    await list.open({ ...EVERYTHING, state: "single" });
    slots[1] = row(slot(1), { state: "conflict", heads: 2 });
    list.changed(change(1, "conflict"));
    expect(list.rows[1]?.state).toBe("conflict");
    await settled();
    expect(list.rows[1]?.heads).toBe(2);
    expect(list.rows).toHaveLength(3);
    expect(one).toHaveBeenCalledTimes(1);
  });

  it("counts what enters the filter, and shows it when read again", async () => {
    const conflict = (n: number) => row(slot(n), { state: "conflict" });
    const conflicts = [conflict(1), conflict(3)];
    const { list, one } = listOver(conflicts);
    await list.open({ ...EVERYTHING, state: "conflict" });
    conflicts.splice(1, 0, conflict(2));
    list.changed(change(2, "conflict"));
    list.changed(change(2, "conflict", 2));
    list.changed(change(5, "single"));
    await settled();
    expect(list.fresh).toEqual([slot(2)]);
    expect(list.rows).toHaveLength(2);
    expect(one.mock.calls.every(([id]) => id === slot(2))).toBe(true);
    await list.reread();
    expect(list.rows).toHaveLength(3);
    expect(list.fresh).toEqual([]);
  });

  it("does not count what comes with the next page anyway", async () => {
    const { list, one } = listOver(ten());
    await list.open(EVERYTHING);
    list.changed(change(9, "conflict"));
    await settled();
    expect(one).not.toHaveBeenCalled();
    expect(list.fresh).toEqual([]);
  });

  it("keeps its rows when the line breaks, and goes on when it is back", async () => {
    const { list, page } = listOver(ten());
    await list.open(EVERYTHING);
    page.mockRejectedValueOnce(new CallFailure("unreachable", 0));
    await list.more();
    expect(list.failure).toBe("unreachable");
    expect(list.rows).toHaveLength(3);
    await list.more();
    expect(list.failure).toBeNull();
    expect(list.rows).toHaveLength(6);
  });

  it("drops the answer to a filter that is no longer asked for", async () => {
    const { list, page } = listOver(ten());
    let answer: (slots: { slots: SlotSummary[]; next: null }) => void = () => undefined;
    page.mockImplementationOnce(() => new Promise((done) => (answer = done)));
    const early = list.open(EVERYTHING);
    await list.open({ ...EVERYTHING, contest: "gub" });
    answer({ slots: [row("e/late/gub")], next: null });
    await early;
    expect(list.rows.map((one) => one.slot)).not.toContain("e/late/gub");
  });
});

describe("the rows that are drawn", () => {
  it("are those near the visible ones", () => {
    expect(windowOf(0, 400, 40, 22_882)).toEqual({ from: 0, to: 22 });
    expect(windowOf(40_000, 400, 40, 22_882)).toEqual({ from: 988, to: 1022 });
    expect(windowOf(40_000, 400, 40, 5)).toEqual({ from: 5, to: 5 });
  });

  it("are scrolled to only when they are not seen whole", () => {
    expect(scrollFor(3, 0, 400, 40)).toBeNull();
    expect(scrollFor(12, 0, 400, 40)).toBe(120);
    expect(scrollFor(1, 200, 400, 40)).toBe(40);
  });
});
