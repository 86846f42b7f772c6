// A made-up irregularity, for the tests.
import type { IrregularityItem } from "@generated/IrregularityItem";
import { SLOT } from "../testing";

export const item = (change: Partial<IrregularityItem> = {}): IrregularityItem => ({
  slot: SLOT,
  key: "I101",
  place: ["Kota", "Kecamatan", "Desa"],
  number: "001",
  state: "single",
  code: "I101",
  fields: ["votes.1"],
  figures: { "votes.1": 154 },
  evidence: {
    is: "repairs",
    repairs: [{ field: "votes.1", from: 154, to: 144, place: 10 }],
    repairs_all: true,
  },
  others: [],
  score: 70,
  weight: 7_000,
  stake: 10,
  is_flag: true,
  text: "Jika suara pilihan 1 bukan 154 melainkan 144, jumlahnya cocok.",
  text_en: "If votes of option 1 is 144 and not 154, the sums fit.",
  since: "2024-11-27T08:00:00.000Z",
  numbers: "abc",
  ruling: null,
  rulings: [],
  ...change,
});
