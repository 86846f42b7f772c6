import { describe, expect, it, vi } from "vitest";
import type { DeskEntry } from "@generated/DeskEntry";
import type { DeskForm } from "@generated/DeskForm";
import { CallFailure } from "../api/http";
import { FIGURES, layout, pairs, SLOT } from "../testing";
import { Entry, type EntrySource } from "./entry.svelte";

const NEXT = SLOT.replace("001/gub", "002/gub");
const contests = [{ ...pairs, region: "64" }];

function form(slot: string, change: Partial<DeskForm> = {}): DeskForm {
  const tps = slot.split("/")[1] ?? "";
  return {
    slot,
    station: { tps, number: tps.slice(10), place: ["Kota", "Kecamatan", "Desa"] },
    dpt: null,
    own: null,
    next: NEXT,
    previous: null,
    ...change,
  };
}
function kept(change: Partial<DeskEntry> = {}): DeskEntry {
  return {
    slot: SLOT,
    rev_id: "own",
    seq: 1,
    source: "paper",
    called: "",
    note: "",
    counts: FIGURES,
    findings: [],
    entered_at: "2024-11-27T08:00:00.000Z",
    ...change,
  };
}
function entryWith(change: Partial<EntrySource> = {}) {
  const answer = { entry: kept(), is_new: true, next: NEXT };
  const none = { entries: [], forms: 0, next: null };
  const source = {
    form: vi.fn<EntrySource["form"]>(change.form ?? ((slot) => Promise.resolve(form(slot)))),
    enter: vi.fn<EntrySource["enter"]>(change.enter ?? (() => Promise.resolve(answer))),
    entries: vi.fn<EntrySource["entries"]>(change.entries ?? (() => Promise.resolve(none))),
  };
  return { entry: new Entry(contests, [layout], source), source };
}
function key(entry: Entry, counts: Record<string, number>) {
  for (const [id, value] of Object.entries(counts)) entry.type(id, String(value));
}

describe("a form at the desk", () => {
  it("is sent as it was keyed, and the next one is read meanwhile", async () => {
    const { entry, source } = entryWith();
    await entry.open(SLOT);
    key(entry, FIGURES);
    expect(await entry.save()).toBe("saved");
    expect(source.enter).toHaveBeenCalledWith({ slot: SLOT, source: "paper", counts: FIGURES });
    expect(source.form).toHaveBeenCalledWith(NEXT);
    const reads = source.form.mock.calls.length;
    await entry.open(NEXT);
    expect(entry.form?.slot).toBe(NEXT);
    expect(entry.typed).toEqual({});
    const again = source.form.mock.calls.slice(reads).filter(([slot]) => slot === NEXT);
    expect(again, "read ahead; only the one after it is new").toHaveLength(1);
  });

  it("that does not add up is asked about once, and then saved as it is", async () => {
    const { entry, source } = entryWith();
    await entry.open(SLOT);
    key(entry, { ...FIGURES, dpt_total: 211 });
    expect(entry.errors).toBe(1);
    expect(await entry.save()).toBe("asked");
    expect(source.enter).not.toHaveBeenCalled();
    expect(await entry.save()).toBe("saved");
    entry.isAsked = true;
    entry.type("dpt_total", "212");
    expect(entry.isAsked, "another figure is another question").toBe(false);
  });

  it("names who was called, when the figures come from a call", async () => {
    const { entry, source } = entryWith();
    await entry.open(SLOT);
    key(entry, FIGURES);
    entry.switchSource();
    expect(await entry.save()).toBe("uncalled");
    entry.called = " Siti (contoh) ";
    entry.note = "dua kali";
    await entry.save();
    expect(source.enter).toHaveBeenCalledWith({
      slot: SLOT,
      source: "phone",
      counts: FIGURES,
      called: "Siti (contoh)",
      note: "dua kali",
    });
  });

  it("that one has entered before comes with those figures, and is corrected", async () => {
    const own = kept({ source: "phone", called: "Siti (contoh)" });
    const { entry, source } = entryWith({ form: () => Promise.resolve(form(SLOT, { own })) });
    await entry.open(SLOT);
    expect(entry.typed["votes.1"]).toBe("80");
    expect([entry.source, entry.called]).toEqual(["phone", "Siti (contoh)"]);
    entry.type("votes.1", "81");
    entry.type("valid", "141");
    await entry.save();
    expect(source.enter).toHaveBeenCalledWith(
      expect.objectContaining({ after: "own", counts: { ...FIGURES, "votes.1": 81, valid: 141 } }),
    );
  });

  it("keeps what was typed when it could not be saved", async () => {
    const enter = () => Promise.reject(new CallFailure("unreachable", 0));
    const { entry } = entryWith({ enter });
    await entry.open(SLOT);
    expect(await entry.save()).toBe("empty");
    key(entry, FIGURES);
    expect(await entry.save()).toBe("failed");
    expect(entry.failure).toBe("unreachable");
    expect(entry.typed["votes.1"]).toBe("80");
  });
});
