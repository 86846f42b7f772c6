import type { Home } from "@generated/Home";
import type { SlotCard } from "@generated/SlotCard";
import type { Standing } from "@generated/Standing";
import { afterEach, describe, expect, it } from "vitest";
import { words } from "../strings";
import { numbersOf } from "./numbers";
import { actionOf, isUpNext, lookOf } from "./standing";
import { skewText } from "./times";

const none = { received: 0, total: 0, received_bytes: 0, total_bytes: 0 };

function card(part: Partial<SlotCard>): SlotCard {
  return {
    slot: "e/6472011001007/gub",
    title: "",
    form: "",
    standing: { kind: "not_started" },
    is_assigned: true,
    has_draft: false,
    revisions: 0,
    figures_received: false,
    photos: none,
    ...part,
  };
}

function home(slots: SlotCard[]): Home {
  return { posts: [{ tps: "", number: "007", place: [], slots }] } as unknown as Home;
}

afterEach(() => (words.language = "id"));

describe("the four honest numbers", () => {
  it("count what is sealed, what has receipts, and what was verified, apart", () => {
    const numbers = numbersOf(
      home([
        card({}),
        card({ revisions: 2, photos: { ...none, received: 1, total: 3 } }),
        card({
          revisions: 1,
          figures_received: true,
          standing: { kind: "verified", at: "2024-11-27T15:00:00.000Z" },
          photos: { ...none, received: 2, total: 2 },
        }),
      ]),
    );
    expect(numbers).toEqual({
      saved: { part: 2, whole: 3 },
      figures: { part: 1, whole: 3 },
      photos: { part: 3, whole: 5 },
      verified: { part: 1, whole: 3 },
    });
  });
});

describe("a standing", () => {
  it("tells the coordinator's reason when a form came back", () => {
    const standing: Standing = {
      kind: "returned",
      reason: "Foto buram",
      at: "2024-11-27T15:00:00Z",
    };
    expect(lookOf(standing)).toMatchObject({ tone: "bad", icon: "returned" });
    expect(lookOf(standing).more).toContain("Foto buram");
  });

  it("tells why the endpoint refused, and survives a code from a newer one", () => {
    expect(lookOf({ kind: "refused", code: "window_closed" }).more).toContain("ditutup");
    expect(lookOf({ kind: "refused", code: "of_tomorrow" }).more).toContain("menolak");
  });

  it("does not speak of photos where there are none", () => {
    expect(lookOf({ kind: "all_received", photos: none }).says).toContain("tidak ada foto");
  });
});

describe("the button of a card", () => {
  it("names what it does", () => {
    expect(actionOf(card({}))).toBe("Mulai isi");
    expect(actionOf(card({ has_draft: true }))).toBe("Lanjutkan");
    expect(actionOf(card({ revisions: 1 }))).toBe("Perbaiki");
    expect(actionOf(card({ revisions: 1, has_draft: true }))).toBe("Lanjutkan perbaikan");
  });

  it("stands out where there is something to do", () => {
    const returned: Standing = { kind: "returned", reason: "", at: "2024-11-27T15:00:00Z" };
    expect(isUpNext(card({}))).toBe(true);
    expect(isUpNext(card({ revisions: 1, standing: returned }))).toBe(true);
    expect(isUpNext(card({ revisions: 1, standing: { kind: "saved_here" } }))).toBe(false);
  });
});

describe("a clock that is off", () => {
  it("is told in the unit that people would use", () => {
    expect(skewText(720)).toBe("Jam ponsel ini terlalu cepat 12 menit.");
    expect(skewText(-7 * 3600)).toBe("Jam ponsel ini terlambat 7 jam.");
    expect(skewText(-3650 * 86_400)).toBe("Jam ponsel ini terlambat 3.650 hari.");
    words.language = "en";
    expect(skewText(7 * 3600)).toBe("This phone's clock is 7 hours fast.");
  });
});
