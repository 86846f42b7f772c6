import { fireEvent, render, screen } from "@testing-library/svelte";
import { afterEach, describe, expect, it, vi } from "vitest";
import { words } from "../sentences/index.svelte";
import StationSearch from "./StationSearch.svelte";
import { deskOrigin } from "./origin";

words.language = "id";
const station = (number: string) => ({
  tps: `6472011001${number}`,
  number,
  place: ["Kota", "Kecamatan", "Desa"],
});
const answer = { stations: [station("001"), station("002")], is_cut: false };

afterEach(() => vi.unstubAllGlobals());

describe("the search for a polling station", () => {
  it("opens with Enter what the arrows have gone to", async () => {
    const asked = vi.fn(() => Promise.resolve(new Response(JSON.stringify(answer))));
    vi.stubGlobal("fetch", asked);
    const onopen = vi.fn();
    render(StationSearch, { contest: "gub", onopen });
    const box = screen.getByRole("combobox");
    await fireEvent.input(box, { target: { value: "desa 2" } });
    await screen.findAllByRole("option");
    expect(asked).toHaveBeenCalledWith("/v1/desk/stations?q=desa+2&contest=gub", expect.anything());
    await fireEvent.keyDown(box, { key: "ArrowDown" });
    await fireEvent.keyDown(box, { key: "ArrowDown" });
    await fireEvent.keyDown(box, { key: "Enter" });
    expect(onopen).toHaveBeenCalledWith("6472011001002");
    expect(screen.queryAllByRole("option")).toHaveLength(0);
  });
});

describe("where figures are from", () => {
  it("is told with who read them out", () => {
    expect(deskOrigin("rani", { source: "paper", called: "" })).toBe("Meja entri rani: kertas");
    const call = deskOrigin("rani", { source: "phone", called: "Siti (contoh)" });
    expect(call).toBe("Meja entri rani: telepon, dibacakan Siti (contoh)");
  });
});
