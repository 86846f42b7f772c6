import type { Choice } from "@generated/Choice";
import type { DapilSeats } from "@generated/DapilSeats";
import type { RegionalContest } from "@generated/RegionalContest";
import { render, screen } from "@testing-library/svelte";
import { describe, expect, it } from "vitest";
import Seats from "./Seats.svelte";
import { lastSeatOf, partiesOf } from "./seats";

const parties: Choice[] = [1, 2, 3, 4].map((number) => ({ number, name: `Partai ${number}` }));
const quotient = (party: number, votes: number, divisor: number) => ({ party, votes, divisor });

const dapil = (allotment: Partial<DapilSeats["allotment"]>): DapilSeats => ({
  name: "Kota 1",
  seats: 3,
  tps: 4,
  received: 2,
  conflict: 0,
  votes: { "1": 250, "2": 100, "3": 90, "4": 0 },
  allotment: {
    awards: [
      { place: 1, quotient: quotient(1, 250, 1) },
      { place: 2, quotient: quotient(2, 100, 1) },
      { place: 3, quotient: quotient(3, 90, 1) },
    ],
    tie: null,
    vacant: 0,
    below_threshold: [],
    last: {
      winners: [{ quotient: quotient(3, 90, 1), spare_votes: 6 }],
      next: [
        { quotient: quotient(1, 250, 3), missing_votes: 21 },
        { quotient: quotient(4, 80, 1), missing_votes: 11 },
      ],
    },
    ...allotment,
  },
});

describe("the seats of a dapil", () => {
  it("are listed by party, most seats first, without those who have no votes", () => {
    const listed = partiesOf(dapil({}), parties);
    expect(listed.map(({ party, seats }) => [party, seats])).toEqual([
      [1, 1],
      [2, 1],
      [3, 1],
    ]);
  });
  it("say who got the last one, who is next, and who lacks the fewest votes", () => {
    expect(lastSeatOf(dapil({}), parties)).toEqual([
      "Kursi terakhir: Partai 3, dengan 90 suara dibagi 1; ia masih mendapatnya dengan 6 suara lebih sedikit.",
      "Berikutnya Partai 1: kurang 21 suara.",
      "Paling dekat Partai 4: kurang 11 suara.",
    ]);
  });
  it("leave a tie open and say between whom", () => {
    const tied = dapil({
      tie: { seats: 1, between: [quotient(2, 100, 1), quotient(3, 100, 1)] },
      last: null,
    });
    expect(lastSeatOf(tied, parties)).toEqual([
      "1 kursi belum dapat dibagi: hasil bagi Partai 2, Partai 3 sama besar.",
    ]);
  });
  it("say which seats nobody has votes for", () => {
    const empty = dapil({ awards: [], vacant: 3, last: null });
    expect(lastSeatOf(empty, parties)).toEqual(["3 kursi belum ada suaranya."]);
  });
});

describe("the threshold of the country", () => {
  const contest = (kind: RegionalContest["kind"]): RegionalContest => ({
    region: "64",
    id: "leg",
    kind,
    title: "DPR",
    form: "f",
    options: parties,
    dapil: { name: "Kota 1", seats: 3, regions: ["6472"] },
  });
  function show(kind: RegionalContest["kind"], belowThreshold: number[]) {
    const asked: number[][] = [];
    const allotment = { below_threshold: belowThreshold };
    render(Seats, {
      seats: [dapil(allotment)],
      contest: "leg",
      contests: [contest(kind)],
      belowThreshold,
      onbelow: (parties: number[]) => asked.push(parties),
    });
    return asked;
  }

  it("is asked for party by party, and takes it back", () => {
    const asked = show("dpr", [3]);
    const box = (name: string) => screen.getByLabelText<HTMLInputElement>(name);
    expect(box("3. Partai 3").checked).toBe(true);
    box("1. Partai 1").click();
    box("3. Partai 3").click();
    expect(asked).toEqual([[3, 1], []]);
    expect(screen.getByText("di bawah ambang")).toBeTruthy();
  });
  it("is nothing for an assembly of a province", () => {
    show("dprd_provinsi", []);
    expect(screen.queryByText(/ambang/)).toBeNull();
  });
});
