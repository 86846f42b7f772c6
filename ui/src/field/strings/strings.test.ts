import type { Failure } from "@generated/Failure";
import { readFileSync } from "node:fs";
import { afterEach, describe, expect, it } from "vitest";
import { codesEn } from "./codes.en";
import { codesId } from "./codes.id";
import { en } from "./en";
import { id } from "./id";
import { adviceOf, words } from "./index";
import { PHOTO_CODES } from "./words";

afterEach(() => (words.language = "id"));

describe("the sentences", () => {
  it("of both languages are all filled in, and none was left untranslated", () => {
    // Words that are the same in both languages.
    const shared = new Set(["appName", "boxLabel", "formOf", "femaleShort", "maleShort"]);
    for (const [key, sentence] of Object.entries(id)) {
      const other = en[key as keyof typeof en];
      expect(String(sentence), key).not.toBe("");
      if (!shared.has(key)) expect(String(other), key).not.toBe(String(sentence));
    }
  });

  it("know every code that the photo crate can give", () => {
    const source = readFileSync("../crates/photo/src/error.rs", "utf8");
    const list = /CODES: \[[^\]]*\] = \[([^\]]*)\]/.exec(source)?.[1] ?? "";
    const codes = [...list.matchAll(/"(\w+)"/g)].map((match) => match[1]);
    expect(codes.length).toBeGreaterThan(5);
    expect(PHOTO_CODES).toEqual(expect.arrayContaining(codes));
  });

  it("say for every code what to do about it", () => {
    for (const table of [codesId, codesEn]) {
      const { trouble, problem, photo, database, failure } = table;
      for (const [code, advice] of Object.entries({
        ...trouble,
        ...problem,
        ...photo,
        ...database,
        ...failure,
      })) {
        expect(advice.says, code).not.toBe("");
        expect(advice.todo, code).not.toBe("");
      }
    }
  });
});

describe("a failure", () => {
  it("is told in the words of its code", () => {
    const cases: [Failure, string][] = [
      [{ kind: "trouble", code: "captive_portal" }, codesId.trouble.captive_portal.says],
      [{ kind: "photo", code: "heic" }, codesId.photo.heic.says],
      [{ kind: "database", code: "from_the_future" }, codesId.database.from_the_future.says],
      [{ kind: "disk_full" }, codesId.failure.disk_full.says],
      [{ kind: "figure", digits: 3 }, "Hanya angka, paling banyak 3 digit."],
    ];
    for (const [failure, says] of cases) expect(adviceOf(failure).says).toBe(says);
  });

  it("of a code that only a newer app knows still has words", () => {
    expect(adviceOf({ kind: "photo", code: "of_tomorrow" })).toBe(codesId.photo.encode);
    expect(adviceOf({ kind: "database", code: "of_tomorrow" })).toBe(codesId.database.damaged);
  });

  it("follows the language that is set", () => {
    words.language = "en";
    expect(adviceOf({ kind: "disk_full" })).toBe(codesEn.failure.disk_full);
  });
});
