import { describe, expect, it } from "vitest";
import { CallFailure } from "../api/http";
import { answerIn, together } from "./files";

describe("files of official figures", () => {
  const pairs = { name: "paslon.json", text: '{"64":{"1000054":{"nomor_urut":1}}}' };
  const figures = { name: "pkwkp.json", text: '{"table":{"647201":{"1000054":9}}}' };
  const table = { name: "tps.csv", text: "kode_tps,paslon_1\n" };

  it("go with the list of pairs that was picked beside them", () => {
    const sent = together([pairs, figures, table]);
    expect(sent.map(({ name }) => name)).toEqual(["pkwkp.json", "tps.csv"]);
    expect(JSON.parse(sent[0]?.text ?? "")).toEqual({
      pairs: [JSON.parse(pairs.text)],
      figures: JSON.parse(figures.text),
    });
    expect(sent[1]?.text).toBe(table.text);
  });
  it("go as they are without one", () => {
    expect(together([figures])).toEqual([figures]);
  });
  it("come back with what was wrong in them, or fail", () => {
    const told = { imported: null, places: 0, blank: 0, elsewhere: 0, errors: [], errors_all: 0 };
    expect(answerIn(200, JSON.stringify(told))).toEqual(told);
    expect(() => answerIn(403, '{"code":"not_allowed"}')).toThrow(CallFailure);
    expect(() => answerIn(200, "<html>")).toThrow(CallFailure);
  });
});
