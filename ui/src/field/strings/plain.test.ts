// Network errors that nobody in the field can read (getodk/collect#7290): a
// sentence for a witness has no word of our trade, says what is, and says what
// to do.
import { describe, expect, it } from "vitest";
import { codesEn as en } from "./codes.en";
import { codesId as id } from "./codes.id";
import { lookEn } from "../look/words.en";
import { lookId } from "../look/words.id";

/** Words that a witness in a village should never have to read. */
const TRADE =
  /\b(https?|tls|ssl|dns|tcp|ip|json|api|url|timeout|time-out|socket|proxy|token|hash|payload|header|host|exception|null|undefined|retry|upload|status|error|bug|endpoint|dead.?letter|outbox|receipt)\b|\b[1-5]\d\d\b/i;

type Sentences = Record<string, { says: string; todo: string }>;

const groups = (codes: object): [string, Sentences][] =>
  Object.entries(codes).filter(([, group]) =>
    Object.values(group as object).every((one) => typeof one === "object" && "says" in one),
  ) as [string, Sentences][];

describe.each([
  ["Indonesian", { ...id, look: lookId.problems }],
  ["English", { ...en, look: lookEn.problems }],
])("%s sentences about what went wrong", (_, codes) => {
  it("are there", () => {
    const names = groups(codes).map(([name]) => name);
    expect(names).toEqual(expect.arrayContaining(["trouble", "problem", "photo", "look"]));
  });

  for (const [group, sentences] of groups(codes)) {
    for (const [code, { says, todo }] of Object.entries(sentences)) {
      it(`${group}.${code} can be read in the field`, () => {
        for (const sentence of [says, todo]) {
          expect(sentence).not.toMatch(TRADE);
          expect(sentence).toMatch(/[.!?]$|(Contoh|Example): \S+$/);
          expect(sentence.length).toBeLessThan(160);
        }
      });
    }
  }
});
