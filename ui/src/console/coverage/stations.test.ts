import type { CoverageRow } from "@generated/CoverageRow";
import { describe, expect, it } from "vitest";
import { agoOf, callUrl, newKey, readable, STAGES, sumOf, writeUrl } from "./stations";

const NOW = "2024-11-27T12:00:00.000Z";

function row(code: string, figures: number): CoverageRow {
  return {
    region: { code, name: code, level: "district" },
    tps: 10,
    stages: {
      no_witness: 1,
      posted: 0,
      enrolled: 2,
      opened: 0,
      drafting: 0,
      figures,
      photos: 0,
      verified: 7 - figures,
    },
    paper: 3,
    silent: 2,
  };
}

describe("coverage", () => {
  it("says how long a phone has been silent in the unit that people use", () => {
    expect(agoOf(null, NOW)).toBeNull();
    expect(agoOf("2024-11-27T11:35:10.000Z", NOW)).toEqual({ unit: "minutes", count: 24 });
    expect(agoOf("2024-11-27T09:10:00.000Z", NOW)).toEqual({ unit: "hours", count: 2 });
    expect(agoOf("2024-11-24T12:00:00.000Z", NOW)).toEqual({ unit: "days", count: 3 });
    expect(agoOf("2024-11-27T12:00:09.000Z", NOW)).toEqual({ unit: "minutes", count: 0 });
  });

  it("makes links that a phone and WhatsApp understand", () => {
    expect(callUrl("+628000000001")).toBe("tel:+628000000001");
    expect(writeUrl("+628000000001")).toBe("https://wa.me/628000000001");
    expect(readable("+628000000001")).toBe("+62 800-0000-001");
    expect(readable("+4400000000")).toBe("+4400000000");
  });

  it("sums regions so that every polling station is in one stage", () => {
    const sum = sumOf([row("647201", 4), row("647202", 1)]);
    expect(sum.tps).toBe(20);
    expect(STAGES.reduce((all, stage) => all + sum.stages[stage], 0)).toBe(20);
    expect([sum.paper, sum.silent]).toEqual([6, 4]);
  });

  it("makes keys that the endpoint takes, each once", () => {
    expect(newKey()).toMatch(/^[0-9a-f]{24}$/);
    expect(newKey()).not.toBe(newKey());
  });
});
