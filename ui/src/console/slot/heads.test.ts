import { describe, expect, it } from "vitest";
import { FIGURES, layout, pairs, revision, slotWith } from "../testing";
import {
  changes,
  chosenAtFirst,
  columnsOf,
  differing,
  draftOf,
  raisedBy,
  undisputed,
} from "./heads";

const inside = revision("a", 1, FIGURES);
const outside = revision("b", 1, { ...FIGURES, "votes.1": 90 });

describe("heads side by side", () => {
  it("mark the fields that witnesses fill in differently, and only those", () => {
    const partial = revision("c", 1, { "votes.2": 60 });
    expect([...differing([inside, outside, partial])]).toEqual(["votes.1"]);
    expect(undisputed([inside, outside])).not.toHaveProperty("votes.1");
  });

  it("have no column chosen in a conflict: nobody's figures silently win", () => {
    const slot = slotWith({ state: "conflict", heads: [inside, outside], figures: {} });
    expect(chosenAtFirst(slot, columnsOf(slot))).toBeNull();
  });

  it("have the column chosen that says what stands", () => {
    const slot = slotWith({ state: "agreed", heads: [inside, revision("b", 1, FIGURES)] });
    expect(chosenAtFirst(slot, columnsOf(slot))).toBe("a-1");
  });

  it("get a column for the union when no witness filled in everything", () => {
    const votes = revision("a", 1, { "votes.1": 80 });
    const rest = revision("b", 1, { valid: 140 });
    const slot = slotWith({
      heads: [votes, rest],
      figures: { ...votes.counts, ...rest.counts },
    });
    const columns = columnsOf(slot);
    expect(columns.map(({ kind }) => kind)).toEqual(["head", "head", "union"]);
    expect(chosenAtFirst(slot, columns)).toBe("union");
  });

  it("get a column for a ruling that no head says", () => {
    const slot = slotWith({ state: "stale", heads: [outside], figures: FIGURES });
    expect(columnsOf(slot).at(-1)?.kind).toBe("decided");
  });
});

describe("changes", () => {
  it("tell blank from zero", () => {
    expect(changes({ a: 0, b: 1 }, { b: 1, c: 2 })).toEqual([
      { id: "c", before: null, after: 2 },
      { id: "a", before: 0, after: null },
    ]);
  });
});

describe("findings of several columns", () => {
  it("stand there once each, questions before notices, with who raises them", () => {
    const finding = (code: string, severity: "error" | "warning") => ({
      code,
      severity,
      text: code,
      fields: [],
      left: 1,
      right: 2,
    });
    const notice = finding("W402", "warning");
    const question = finding("E301", "error");
    const slot = slotWith({
      heads: [
        { ...inside, findings: [notice] },
        { ...outside, findings: [notice, question] },
      ],
    });
    const raised = raisedBy(columnsOf(slot));
    expect(raised.map(({ finding: { code }, by }) => [code, by])).toEqual([
      ["E301", [1]],
      ["W402", [0, 1]],
    ]);
  });
});

describe("own figures", () => {
  it("count only what is a figure, and say what does not add up", () => {
    const draft = draftOf({ "votes.1": "80", "votes.2": "", valid: "79" }, layout, pairs);
    expect(draft.counts).toEqual({ "votes.1": 80, valid: 79 });
    expect(draft.findings).toEqual([]);
    const whole = draftOf({ "votes.1": "80", "votes.2": "0", valid: "79" }, layout, pairs);
    expect(whole.findings.map(({ code }) => code)).toEqual(["E301"]);
  });
});
