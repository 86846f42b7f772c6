import type { PhotoView } from "@generated/PhotoView";
import { describe, expect, it } from "vitest";
import { pagesOf } from "../form/paper";
import { emptyDraft, layouts, pairs } from "../testing/forms";
import { groupsOf, placeOfNeighbour } from "./groups";
import { PIECE_BYTES } from "../parts/pieces";
import { upload } from "./upload";

function photo(id: number, kind: PhotoView["kind"], page: number | null): PhotoView {
  return {
    id,
    kind,
    page,
    source: "camera",
    width: 1500,
    height: 2000,
    size_bytes: 280_000,
    is_received: false,
  };
}

describe("a photo on its way in", () => {
  /** Uploads so many bytes; answers with what the device was handed. */
  async function handedOver(size: number) {
    const pieces: { bytes: Buffer; last: boolean }[] = [];
    const shares: number[] = [];
    const draft = emptyDraft();
    const bytes = Uint8Array.from({ length: size }, (_, index) => index % 251);
    const device = {
      addPhotoPiece: (piece: { base64: string; last: boolean }) => {
        pieces.push({ bytes: Buffer.from(piece.base64, "base64"), last: piece.last });
        return Promise.resolve(piece.last ? draft : null);
      },
    };
    const answer = await upload(device, new Blob([bytes]), 7, "gallery", (share) =>
      shares.push(share),
    );
    const whole = Buffer.concat(pieces.map((piece) => piece.bytes));
    return { pieces, shares, isSame: whole.equals(bytes), answer, draft };
  }

  it("arrives byte for byte in pieces, and only the last one says so", async () => {
    const { pieces, shares, isSame, answer, draft } = await handedOver(2 * PIECE_BYTES + 5);
    expect(pieces.map((piece) => [piece.bytes.length, piece.last])).toEqual([
      [PIECE_BYTES, false],
      [PIECE_BYTES, false],
      [5, true],
    ]);
    expect(isSame).toBe(true);
    expect(answer).toBe(draft);
    expect(shares[shares.length - 1]).toBe(1);
  });

  it("that fills its pieces exactly has no empty one behind", async () => {
    const { pieces } = await handedOver(PIECE_BYTES);
    expect(pieces.map((piece) => piece.last)).toEqual([true]);
  });

  it("of no bytes is handed over too, for the device to say that it is empty", async () => {
    const { pieces } = await handedOver(0);
    expect(pieces).toEqual([{ bytes: Buffer.alloc(0), last: true }]);
  });
});

describe("the photos of a form", () => {
  const pages = pagesOf(layouts.kwk, pairs(2));

  it("have a place for each page, for objections, and for the rest", () => {
    expect(groupsOf(pages, []).map((group) => group.key)).toEqual([
      "form-1",
      "form-2",
      "objection",
      "other",
    ]);
  });

  it("whose page is not known come first, to be sorted", () => {
    const groups = groupsOf(pages, [photo(1, "form", 2), photo(2, "form", null)]);
    expect(groups[0]?.key).toBe("unsorted");
    expect(groups[0]?.photos.map(({ id }) => id)).toEqual([2]);
    expect(groups[2]?.photos.map(({ id }) => id)).toEqual([1]);
  });

  it("change places with their neighbour of the same page", () => {
    const all = [photo(1, "form", 1), photo(2, "form", 2), photo(3, "form", 1)];
    const firstPage = groupsOf(pages, all)[0]?.photos ?? [];
    const [one, three] = firstPage;
    expect(one && placeOfNeighbour(all, firstPage, one, 1)).toBe(2);
    expect(three && placeOfNeighbour(all, firstPage, three, -1)).toBe(0);
    expect(one && placeOfNeighbour(all, firstPage, one, -1)).toBeNull();
  });
});
