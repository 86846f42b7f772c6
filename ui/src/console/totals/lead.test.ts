import type { Lead } from "@generated/Lead";
import { afterEach, describe, expect, it } from "vitest";
import { words } from "../sentences/index.svelte";
import { leadSentence } from "./lead";

const pairs = [
  { number: 1, name: "Paslon 1" },
  { number: 2, name: "Paslon 2" },
];
const lead = (change: Partial<Lead>): Lead => ({
  leader: 2,
  rival: 1,
  lead_votes: 12_345,
  missing_tps: 80,
  missing_votes: 40_000,
  is_safe: false,
  needed_votes: 26_173,
  ...change,
});

afterEach(() => (words.language = "id"));

describe("the lead in one sentence", () => {
  it("says what the second needs of all that is missing", () => {
    expect(leadSentence(lead({}), pairs)).toBe(
      "Paslon 2 unggul 12.345 suara. Paslon 1 menyusul bila memenangkan 26.173 (65,4%) dari paling banyak 40.000 suara yang belum masuk dari 80 TPS.",
    );
  });
  it("says that nobody can catch up any more", () => {
    const safe = lead({ is_safe: true, needed_votes: null, missing_votes: 9_000 });
    expect(leadSentence(safe, pairs)).toContain("tidak dapat dikejar lagi");
    words.language = "en";
    expect(leadSentence(safe, pairs)).toContain("at most 9,000 votes from 80 TPS");
  });
  it("says that all is in", () => {
    const whole = lead({ is_safe: true, needed_votes: null, missing_votes: 0, missing_tps: 0 });
    expect(leadSentence(whole, pairs)).toBe("Paslon 2 unggul 12.345 suara; semua TPS sudah masuk.");
  });
  it("names no winner while contested figures could make another one", () => {
    expect(leadSentence(lead({ lead_votes: -3, needed_votes: 0 }), pairs)).toContain(
      "Belum pasti siapa yang unggul, Paslon 2 atau Paslon 1",
    );
    const whole = lead({ lead_votes: 0, missing_tps: 0, missing_votes: 0, needed_votes: 0 });
    expect(leadSentence(whole, pairs)).toContain("Semua TPS sudah masuk, tetapi");
  });
});
