import { describe, expect, it } from "vitest";
import type { Reading } from "@generated/Reading";
import { columnsOf } from "../slot/heads";
import { paperOf } from "../slot/paper";
import { FIGURES, layout, pairs, revision, slotWith } from "../testing";
import { agreedOn, columnsOfReadings, disputed, nextOpen, notesOf } from "./versions";

const pages = paperOf(layout, pairs);

function reading(change: Partial<Reading>): Reading {
  return {
    number: 1,
    by: "budi",
    at: "2024-11-27T10:00:00.000Z",
    way: "blind",
    counts: FIGURES,
    note: "",
    against: ["a-1"],
    outcome: "differs",
    ...change,
  };
}

describe("versions of one form", () => {
  const heads = columnsOf(slotWith({ heads: [revision("a", 1, FIGURES)] }));
  const read = (counts: Reading["counts"]) => columnsOfReadings([reading({ counts })]);

  it("dispute the fields that differ, in the paper's order, and agree on the rest", () => {
    const columns = [...heads, ...read({ ...FIGURES, invalid: 12, "votes.1": 90 })];
    expect(disputed(columns, pages)).toEqual(["votes.1", "invalid"]);
    const agreed = agreedOn(columns, pages);
    expect(agreed).toHaveProperty("votes.2", 60);
    expect(agreed).not.toHaveProperty("votes.1");
  });

  it("dispute what somebody who read the photo left blank, but not what a witness left out", () => {
    const rest = Object.fromEntries(Object.entries(FIGURES).filter(([id]) => id !== "invalid"));
    expect(disputed([...heads, ...read(rest)], pages)).toEqual(["invalid"]);
    const partial = columnsOf(slotWith({ heads: [revision("a", 1, rest)] }));
    expect(disputed([...partial, ...read(FIGURES)], pages)).toEqual([]);
  });

  it("show a reading that says nothing as its note only", () => {
    const unreadable = reading({ counts: {}, note: "Halaman 2 gelap." });
    expect(columnsOfReadings([unreadable])).toEqual([]);
    expect(notesOf([unreadable])).toEqual([{ by: "budi", note: "Halaman 2 gelap." }]);
  });

  it("lead from one open field to the next, going round", () => {
    const fields = ["a", "b", "c"];
    expect(nextOpen(fields, new Set(), null)).toBe("a");
    expect(nextOpen(fields, new Set(["b"]), "a")).toBe("c");
    expect(nextOpen(fields, new Set(["b", "c"]), "c")).toBe("a");
    expect(nextOpen(fields, new Set(fields), "a")).toBeNull();
  });
});
