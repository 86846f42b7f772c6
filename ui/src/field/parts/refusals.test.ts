import type { RefusedItem } from "@generated/RefusedItem";
import type { SlotCard } from "@generated/SlotCard";
import { afterEach, describe, expect, it } from "vitest";
import { words } from "../strings";
import { adviceOnRefusal, messageAbout, refusalsOf } from "./refusals";

const slot = "kaltim-2024/6472011001007/gub";
const card = { slot, title: "Gubernur dan Wakil Gubernur" } as SlotCard;

function item(part: Partial<RefusedItem>): RefusedItem {
  return {
    slot,
    rev_id: "0123456789abcdef",
    photo: null,
    page: null,
    code: "not_assigned",
    way_out: "ask_coordinator",
    is_tried_again: false,
    ...part,
  };
}

afterEach(() => (words.language = "id"));

describe("what the endpoint refused of a form", () => {
  it("is one line for all photos of one reason, which leads to the first one's page", () => {
    const photos = [2, 3].map((page) =>
      item({ photo: page, page, code: "not_a_photo", way_out: "take_again" }),
    );
    const refusals = refusalsOf(slot, [item({}), ...photos]);
    expect(refusals.map(({ code, photos, page }) => [code, photos, page])).toEqual([
      ["not_assigned", 0, null],
      ["not_a_photo", 2, 2],
    ]);
  });

  it("does not mix with another form's", () => {
    expect(refusalsOf(slot, [item({ slot: "kaltim-2024/6472011001008/gub" })])).toEqual([]);
  });

  it("has a sentence, also for a code from a newer endpoint", () => {
    const [newer] = refusalsOf(slot, [item({ code: "of_tomorrow" })]);
    expect(newer && adviceOnRefusal(newer).says).toContain("menolak");
  });

  it("can be told to the coordinator in words that name it beyond doubt", () => {
    const [figures] = refusalsOf(slot, [item({})]);
    const message = figures ? messageAbout(card, figures) : "";
    for (const named of ["6472011001007", card.title, "angka", "0123456789ab", "not_assigned"]) {
      expect(message).toContain(named);
    }
    words.language = "en";
    const [photo] = refusalsOf(slot, [item({ photo: 4, code: "not_a_photo" })]);
    expect(photo && messageAbout(card, photo)).toContain("1 photo.");
  });
});
