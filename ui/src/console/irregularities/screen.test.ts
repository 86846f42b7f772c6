import type { IrregularitiesAnswer } from "@generated/IrregularitiesAnswer";
import type { Session } from "@generated/Session";
import { render, screen } from "@testing-library/svelte";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { press } from "../keys/keys.svelte";
import { words } from "../sentences/index.svelte";
import { EVERY_IRREGULARITY } from "../state/route";
import { layout, pairs } from "../testing";
import IrregularScreen from "./IrregularScreen.svelte";
import { item } from "./testing";

const session: Session = {
  user: "rani",
  role: "coordinator",
  region: "6472",
  election: {
    id: "kaltim-2024",
    name: "Pemilihan (contoh)",
    date: "2024-11-27",
    timezone: "Asia/Makassar",
    rehearsal: true,
    opens_at: "2024-11-26T16:00:00.000Z",
    closes_at: "2034-12-31T15:59:59.000Z",
  },
  contests: [{ ...pairs, region: "64" }],
  forms: [layout],
};
const answer: IrregularitiesAnswer = {
  items: [item(), item({ key: "E301", code: "E301", score: 45 })],
  next: null,
  codes: [{ code: "I101", items: 1, open: 1 }],
};
const asked: string[] = [];

beforeEach(() => {
  words.language = "id";
  asked.length = 0;
  Element.prototype.scrollIntoView = vi.fn();
  HTMLDialogElement.prototype.showModal = function () {
    this.open = true;
  };
  HTMLDialogElement.prototype.close = function () {
    this.open = false;
  };
  vi.stubGlobal("fetch", (path: string) => {
    asked.push(path);
    const bodies: [string, object][] = [
      ["/v1/irregularities", answer],
      // Its photos are asked for a moment after it is shown, which a slow machine lives to see.
      ["/v1/slots/", { photos: [] }],
    ];
    const known = bodies.find(([start]) => path.startsWith(start));
    const body = known?.[1] ?? { path: [], regions: [] };
    return Promise.resolve(new Response(JSON.stringify(body)));
  });
});
afterEach(() => vi.unstubAllGlobals());

const key = (name: string) => press(new KeyboardEvent("keydown", { key: name, cancelable: true }));

describe("the list of irregularities", () => {
  it("is read once, walked through by key, and ruled on with a note", async () => {
    render(IrregularScreen, { session, filter: EVERY_IRREGULARITY });
    expect(await screen.findAllByText(/melainkan 144/)).not.toHaveLength(0);
    const lists = asked.filter((path) => path.startsWith("/v1/irregularities"));
    expect(lists).toEqual(["/v1/irregularities?ruling=open&limit=40&from=0"]);
    key("j");
    const shown = () => document.querySelector("article h2")?.textContent;
    await vi.waitFor(() => expect(shown()).toContain("Jumlah tidak cocok"));
    key("e");
    await vi.waitFor(() => expect(document.querySelector("dialog[open] textarea")).toBeTruthy());
  });
});
