import { describe, expect, it } from "vitest";
import { contestIn, contestsOf } from "./contests";
import { regionMeant } from "./regions";
import { EVERYTHING, format, marksBeside, parse, type Route } from "./route";

describe("addresses", () => {
  it.each<Route>([
    { screen: "slots", filter: EVERYTHING },
    {
      screen: "slots",
      filter: {
        region: "6472",
        contest: "gub",
        state: "conflict",
        mark: "fork",
        paper: "differs",
        order: null,
      },
    },
    { screen: "slots", filter: { ...EVERYTHING, mark: "bubbles_differ", order: "bubbles" } },
    { screen: "slot", slot: "kaltim-2024/6472011001001/gub" },
    { screen: "totals", region: "647201", contest: "wako" },
    { screen: "totals", region: null, contest: null },
    { screen: "refused" },
    { screen: "queue" },
    { screen: "desk" },
    { screen: "workbooks" },
    { screen: "paper", list: null },
    { screen: "paper", list: "79927398" },
    { screen: "coverage", region: "6472", contest: "gub" },
  ])("are written and read back: $screen", (route) => {
    expect(parse(format(route))).toEqual(route);
  });

  it("that make no sense lead to the list", () => {
    expect(parse("#/nowhere?state=lost&order=size")).toEqual({
      screen: "slots",
      filter: EVERYTHING,
    });
  });
});

describe("a place somebody means", () => {
  const below = [
    { code: "6471", name: "Kota Balikpapan" },
    { code: "6472", name: "Kota Samarinda" },
  ];
  it("is a code inside one's own region, dots and spaces or not", () => {
    expect(regionMeant("64.72.01 1001 001", "64", below)).toBe("6472011001001");
    expect(regionMeant("3201", "64", below)).toBeNull();
    expect(regionMeant("647", "64", below)).toBeNull();
  });
  it("is a name, or the only one that holds the text", () => {
    expect(regionMeant("samarinda", "64", below)).toBe("6472");
    expect(regionMeant("kota", "64", below)).toBeNull();
  });
});

describe("contests", () => {
  const contest = (id: string, region: string, names: number) => ({
    id,
    region,
    title: id,
    form: "f",
    options: Array.from({ length: names }, (_, index) => ({ number: index + 1, name: "" })),
  });
  const contests = [
    contest("gub", "64", 2),
    contest("wako", "6471", 3),
    contest("wako", "6472", 1),
  ];

  it("of one id are told apart by their region", () => {
    expect(contestIn(contests, "wako", "6472011001001")?.options).toHaveLength(1);
    expect(contestIn(contests, "wako", "64")).toBeNull();
  });
  it("are offered once for each id that a region holds", () => {
    expect(contestsOf(contests, "64").map(({ id }) => id)).toEqual(["gub", "wako"]);
    expect(contestsOf(contests, "6403").map(({ id }) => id)).toEqual(["gub"]);
  });
});

describe("marks", () => {
  it("do not repeat what the state says", () => {
    expect(marksBeside("conflict", ["ever_conflicted", "fork"])).toEqual(["fork"]);
    expect(marksBeside("agreed", ["ever_conflicted"])).toEqual(["ever_conflicted"]);
  });
});
