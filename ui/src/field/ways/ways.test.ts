import type { CarriedView } from "@generated/CarriedView";
import type { Imported } from "@generated/Imported";
import { readFileSync } from "node:fs";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { words } from "../strings";

/** What the device was asked, in order. */
const asked: string[] = [];

function imported(part: Partial<Imported> = {}): Imported {
  return {
    revisions_new: 0,
    revisions_known: 0,
    revisions_own: 0,
    photos_new: 0,
    photos_known: 0,
    problems: [],
    ...part,
  };
}

vi.mock("@shared/backend", () => ({
  asFailure: (thrown: unknown) => thrown,
  device: {
    beginImport: () => {
      asked.push("begin");
      return Promise.resolve(7);
    },
    addImportPiece: ({
      import: id,
      base64,
      last,
    }: {
      import: number;
      base64: string;
      last: boolean;
    }) => {
      asked.push(
        `piece of ${id}: ${Buffer.from(base64, "base64").toString()}${last ? ", the last" : ""}`,
      );
      return base64 === ""
        ? Promise.reject({ kind: "internal" })
        : Promise.resolve(last ? imported() : null);
    },
    importText: (text: string) => {
      asked.push(`text ${text}`);
      return Promise.resolve(imported({ revisions_new: 1 }));
    },
  },
}));

const { waysId } = await import("./words.id");
const { waysEn } = await import("./words.en");
const { carriedLook, resultLines } = await import("./results");
const { Taking } = await import("./taking.svelte");

beforeEach(() => asked.splice(0));
afterEach(() => (words.language = "id"));

describe("taking in what a friend hands over", () => {
  it("gives the device the file, and says what was in it", async () => {
    const taking = new Taking();
    await taking.takeFile(new Blob(["a bundle"]));
    expect(asked).toEqual(["begin", "piece of 7: a bundle, the last"]);
    expect(taking.imported).toEqual(imported());
    expect(taking.share).toBeNull();
  });

  it("says why it could not, and then takes another", async () => {
    const taking = new Taking();
    await taking.takeFile(new Blob([]));
    expect(taking.failure).toEqual({ kind: "internal" });
    await taking.takeText("SAKSI1:ABC");
    expect(taking.failure).toBeNull();
    expect(taking.imported?.revisions_new).toBe(1);
  });

  it("takes one thing at a time", async () => {
    const taking = new Taking();
    const first = taking.takeText("one");
    await taking.takeText("two");
    await first;
    expect(asked).toEqual(["text one"]);
  });
});

describe("what an import came to", () => {
  const kinds = (part: Partial<Imported>) => resultLines(imported(part)).map(({ kind }) => kind);

  it("tells only of what there was", () => {
    expect(kinds({ revisions_new: 1, photos_new: 2 })).toEqual(["new"]);
    expect(kinds({ revisions_known: 1, photos_new: 2 })).toEqual(["new", "known"]);
    expect(kinds({ revisions_own: 1 })).toEqual(["own"]);
  });

  it("says so when there was nothing, and leaves the word to the problems when there were some", () => {
    expect(kinds({})).toEqual(["nothing"]);
    expect(kinds({ problems: ["damaged"] })).toEqual([]);
  });

  it("follows the language", () => {
    words.language = "en";
    const [line] = resultLines(imported({ revisions_new: 1, photos_new: 2 }));
    expect(line?.says).toBe("New on this phone: 1 record, 2 photos.");
  });
});

describe("what is carried", () => {
  const item = (part: Partial<CarriedView>): CarriedView => ({
    rev_id: "ab",
    device: "d",
    tps: "6472011001001",
    contest: "Gubernur",
    seq: 1,
    taken_at: "2024-11-27T12:00:00.000Z",
    is_received: false,
    refused: null,
    photos: 2,
    photos_received: 0,
    photos_refused: 0,
    ...part,
  });

  it("is received only with a receipt, whatever else was said of it", () => {
    expect(carriedLook(item({})).state).toBe("waits");
    expect(carriedLook(item({ refused: "not_assigned" })).state).toBe("refused");
    expect(carriedLook(item({ refused: "not_assigned", is_received: true })).state).toBe(
      "received",
    );
  });

  it("says whom the refusal concerns, and survives a code from a newer endpoint", () => {
    expect(carriedLook(item({ refused: "device_unknown" })).more).toContain("ponsel pembuatnya");
    const newer = "of_tomorrow" as CarriedView["refused"];
    expect(carriedLook(item({ refused: newer })).more).toBe(waysId.carriedRefusedTodo);
  });
});

describe("the sentences of these screens", () => {
  it("are all there in both languages", () => {
    for (const [key, sentence] of Object.entries(waysId)) {
      const other = waysEn[key as keyof typeof waysEn];
      expect(String(sentence), key).not.toBe("");
      if (key !== "smsTitle" && typeof sentence !== "object") {
        expect(String(other), key).not.toBe(String(sentence));
      }
    }
  });

  it("are not loaded by a witness who has signal", () => {
    for (const file of ["App.svelte", "parts/CarryCard.svelte", "parts/SlotCardView.svelte"]) {
      expect(readFileSync(`src/field/${file}`, "utf8"), file).not.toMatch(/from "\.\.?\/ways/);
    }
  });
});
