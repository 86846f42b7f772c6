import type { DossierPreview } from "@generated/DossierPreview";
import { fireEvent, render, screen, waitFor } from "@testing-library/svelte";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { words } from "../sentences/index.svelte";
import { EVERYTHING } from "../state/route";
import { SLOT } from "../testing";
import { basket, BASKET_MAX } from "./basket.svelte";
import { choiceOf, fromFilter, sourcesOf } from "./choice";
import DossierDialog from "./DossierDialog.svelte";

const preview: DossierPreview = {
  slots: 2,
  photos: 5,
  size_bytes: 1_500_000,
  slots_max: 300,
  size_max_bytes: 512_000_000,
};
const asked: { path: string; body: unknown }[] = [];

function answering(answer: DossierPreview) {
  vi.stubGlobal("fetch", (path: string, how: RequestInit) => {
    asked.push({ path, body: JSON.parse(String(how.body)) });
    if (path.endsWith("preview")) {
      return Promise.resolve(new Response(JSON.stringify(answer), { status: 200 }));
    }
    const headers = {
      "content-type": "application/zip",
      "content-disposition": 'attachment; filename="dossier-contoh.zip"',
      "saksi-size-about": "1500000",
    };
    return Promise.resolve(new Response("zip", { status: 200, headers }));
  });
}

beforeEach(() => {
  words.language = "id";
  asked.length = 0;
  basket.clear();
  HTMLDialogElement.prototype.showModal = vi.fn();
  HTMLDialogElement.prototype.close = vi.fn();
  URL.createObjectURL = vi.fn(() => "blob:x");
  URL.revokeObjectURL = vi.fn();
});
afterEach(() => vi.unstubAllGlobals());

describe("what a dossier is about", () => {
  it("is what was picked, the form one stands on, or the list as it is filtered", () => {
    const filter = { ...EVERYTHING, region: "6472", state: "conflict" as const };
    expect(sourcesOf(null, [], filter)).toEqual(["filter"]);
    expect(sourcesOf(SLOT, ["a"], null)).toEqual(["basket", "here"]);
    expect(fromFilter(filter)).toEqual({ filter: { region: "6472", state: "conflict" } });
    expect(choiceOf("basket", SLOT, ["a", "b"], filter)).toEqual({ slots: ["a", "b"] });
    expect(choiceOf("here", SLOT, ["a"], null)).toEqual({ slots: [SLOT] });
  });

  it("holds no more picked forms than one file may have", () => {
    for (let at = 0; at < BASKET_MAX; at += 1) basket.toggle(String(at));
    expect(basket.toggle("one more")).toBe(false);
    expect(basket.toggle("0")).toBe(true);
    expect([basket.slots.length, basket.has("0")]).toEqual([BASKET_MAX - 1, false]);
  });
});

describe("the dossier's dialog", () => {
  it("says what it will hold, and makes it with what was chosen", async () => {
    answering(preview);
    const onclose = vi.fn();
    const click = vi.spyOn(HTMLAnchorElement.prototype, "click").mockReturnValue(undefined);
    render(DossierDialog, { here: SLOT, onclose });
    await screen.findByText("2 formulir, 5 foto, kira-kira 1,5 MB");
    await fireEvent.input(screen.getByRole("textbox", { hidden: true }), {
      target: { value: " Perkara 1 (contoh) " },
    });
    await fireEvent.click(screen.getByRole("button", { name: /Buat/, hidden: true }));
    await waitFor(() => expect(onclose).toHaveBeenCalled());
    expect(click).toHaveBeenCalled();
    const made = asked.find(({ path }) => path === "/v1/dossiers");
    expect(made?.body).toEqual({
      choice: { slots: [SLOT] },
      title: "Perkara 1 (contoh)",
      with_originals: false,
    });
  });

  it("makes nothing of nothing, or of too much", async () => {
    answering({ ...preview, slots: 301 });
    render(DossierDialog, { filter: EVERYTHING, onclose: vi.fn() });
    await screen.findByText(/paling banyak 300 formulir/);
    const button = screen.getByRole("button", { name: /Buat/, hidden: true });
    expect((button as HTMLButtonElement).disabled).toBe(true);
  });
});
