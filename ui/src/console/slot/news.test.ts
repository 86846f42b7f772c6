import { describe, expect, it } from "vitest";
import { FIGURES, photo, revision, slotWith } from "../testing";
import { isWorthALook, newsBetween } from "./news";

const first = revision("a", 1, FIGURES);
const second = revision("a", 2, { ...FIGURES, "votes.1": 81 });
const seen = slotWith({ heads: [first], photos: [photo("a", 1, false)] });

describe("what is new in a slot", () => {
  it("is nothing when nothing happened", () => {
    const news = newsBetween(seen, { ...seen });
    expect(isWorthALook(news)).toBe(false);
    expect(news.photos).toBe(0);
  });

  it("is a correction, against what the same device said before", () => {
    const present = slotWith({ heads: [second], history: [first, second] });
    const news = newsBetween(seen, present);
    expect(news.revisions[0]?.changed).toEqual([{ id: "votes.1", before: 80, after: 81 }]);
    expect(isWorthALook(news)).toBe(true);
  });

  it("is another witness, with nothing before to compare with", () => {
    const other = revision("b", 1, FIGURES);
    const present = slotWith({
      state: "agreed",
      heads: [first, other],
      history: [first, other],
    });
    const news = newsBetween(seen, present);
    expect(news.revisions[0]?.changed).toBeNull();
    expect(news.state).toEqual(["single", "agreed"]);
  });

  it("is a photo that arrived, which alone changes nothing to rule on", () => {
    const news = newsBetween(seen, { ...seen, photos: [photo("a", 1, true)] });
    expect(news.photos).toBe(1);
    expect(isWorthALook(news)).toBe(false);
  });

  it("is a photo that turned out to be another form's too, before anybody rules on it", () => {
    const same = { slot: null, differing_bits: 0, is_same_file: true };
    const present = { ...seen, photos: [{ ...photo("a", 1, false), same_as: [same] }] };
    const news = newsBetween(seen, present);
    expect(news.samePhotos).toBe(1);
    expect(isWorthALook(news)).toBe(true);
    expect(newsBetween(present, present).samePhotos).toBe(0);
  });
});
