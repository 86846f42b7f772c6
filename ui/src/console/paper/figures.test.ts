import { expect, test } from "vitest";
import { filled, told } from "./figures";

const named = [
  { id: "votes.1", label: "1 Pasangan Satu", digits: 3 },
  { id: "votes.2", label: "2 Pasangan Dua", digits: 3 },
];

test("only whole lines are taken, and the last of a figure counts", () => {
  const lines = [
    { id: "votes.1", text: "101" },
    { id: "votes.2", text: "" },
    { id: "", text: "7" },
    { id: "valid", text: "1a" },
    { id: "votes.1", text: "105" },
  ];
  expect(filled(lines)).toEqual({ "votes.1": 105 });
});

test("a step tells its figures in the form's order, unknown ones last", () => {
  expect(told(named, { x: 3, "votes.2": 60, "votes.1": 101 })).toBe(
    "1 Pasangan Satu = 101; 2 Pasangan Dua = 60; x = 3",
  );
  expect(told(named, {})).toBe("");
});
