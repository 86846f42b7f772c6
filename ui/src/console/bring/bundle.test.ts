import { describe, expect, it } from "vitest";
import { codeOf } from "../api/http";
import type { BundleAnswer } from "@generated/BundleAnswer";
import { hasKept, read, tally } from "./bundle";

const kept = { type: "about:blank", title: "", status: 403, code: "not_assigned" as const };
const answer = {
  results: [
    { rev_id: "a", status: "stored", problem: null },
    { rev_id: "b", status: "known", problem: null },
    { rev_id: "c", status: "refused", problem: kept },
  ],
  photos: [{ sha256: "d", status: "stored", problem: null }],
};

function failureOf(status: number, text: string) {
  try {
    return read(status, text);
  } catch (cause) {
    return codeOf(cause);
  }
}

describe("what became of a bundle", () => {
  it("is counted by what happened", () => {
    const brought = read(200, JSON.stringify(answer));
    expect(tally(brought.results)).toEqual({ stored: 1, known: 1, refused: 1 });
    expect(tally(brought.photos)).toEqual({ stored: 1, known: 0, refused: 0 });
  });

  it("tells of what waits for a coordinator, and only then", () => {
    const brought = read(200, JSON.stringify(answer));
    expect(hasKept(brought)).toBe(true);
    const fine: BundleAnswer = { ...brought, results: brought.results.slice(0, 2) };
    expect(hasKept(fine)).toBe(false);
  });

  it("is a failure with the endpoint's code when it was refused as a whole", () => {
    const no = JSON.stringify({ code: "bundle_invalid", status: 422, title: "" });
    expect(failureOf(422, no)).toBe("bundle_invalid");
  });

  it("is no success because something on the way answered 200", () => {
    for (const body of ["<html>login</html>", "{}", "null", "[]"]) {
      expect(failureOf(200, body)).toBe("unreadable");
    }
  });
});
