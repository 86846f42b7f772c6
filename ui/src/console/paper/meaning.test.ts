import { describe, expect, it } from "vitest";
import { meaningOf } from "./meaning";

const VILLAGE = "6472011001";

describe("what is typed or scanned at the paper desk", () => {
  it("is a polling station by its whole code, or by its number in the village of the last one", () => {
    const tps = { kind: "tps", tps: "6472011001007" };
    expect(meaningOf("6472011001007", null)).toEqual(tps);
    expect(meaningOf("6472 0110 01007", null)).toEqual(tps);
    expect(meaningOf("7", VILLAGE)).toEqual(tps);
    expect(meaningOf("007", VILLAGE)).toEqual(tps);
    expect(meaningOf("7", null)).toEqual({ kind: "villageless" });
  });

  it("is a village, or a hand-over list by the code on it", () => {
    expect(meaningOf(VILLAGE, null)).toEqual({ kind: "village", code: VILLAGE });
    expect(meaningOf("79927398", null)).toEqual({ kind: "list", code: "79927398" });
  });

  it("is nothing when a digit is wrong or missing", () => {
    for (const text of ["79927399", "79972398", "", "000", "64720110010", "TPS 7"]) {
      expect(meaningOf(text, VILLAGE)).toEqual({ kind: "unknown" });
    }
  });
});
