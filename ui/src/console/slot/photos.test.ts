import { fireEvent, render, screen } from "@testing-library/svelte";
import { describe, expect, it, vi } from "vitest";
import type { BubbleDetail } from "@generated/BubbleDetail";
import type { SheetPlace } from "@generated/SheetPlace";
import PhotoPane from "../photo/PhotoPane.svelte";
import { sight } from "../photo/sight.svelte";
import { FIGURES, layout, pairs, photo, revision, slotWith } from "../testing";
import FiguresTable from "./FiguresTable.svelte";
import { bubblesOf, columnsOf } from "./heads";
import { paperOf } from "./paper";
import SamePhotos from "./SamePhotos.svelte";

// jsdom lays nothing out, so there is nothing to observe.
vi.stubGlobal(
  "ResizeObserver",
  class {
    observe() {}
    unobserve() {}
    disconnect() {}
  },
);

const reading = (field: string, digits: string, differs: boolean): BubbleDetail => ({
  field,
  digits,
  photo: "a-2",
  differs,
});

describe("what bubbles say", () => {
  const bubbles = [reading("votes.1", "080", false), reading("votes.2", "073", true)];
  const head = { ...revision("a", 1, FIGURES), bubbles };
  const slot = slotWith({ heads: [head] });

  it("stands beside the figure that was keyed, as a question where it differs", () => {
    render(FiguresTable, {
      pages: paperOf(layout, pairs),
      contest: pairs,
      columns: columnsOf(slot),
      chosen: null,
      different: new Set<string>(),
      draft: null,
      page: null,
      onchoose: () => undefined,
      ontype: () => undefined,
    });
    expect(screen.getByText("bulatan: 080").className).not.toContain("asks");
    expect(screen.getByText("bulatan: 073?").className).toContain("asks");
    const cell = screen.getByText("bulatan: 073?").closest("td");
    expect(cell?.textContent).toContain("60");
  });

  it("of two photos is what differs", () => {
    const twice = [reading("votes.1", "080", false), reading("votes.1", "086", true)];
    const [column] = columnsOf(slotWith({ heads: [{ ...head, bubbles: twice }] }));
    expect(column && bubblesOf(column).get("votes.1")?.digits).toBe("086");
  });
});

describe("a photo that another form has too", () => {
  const other = "kaltim-2024/6472011001002/gub";
  const same = { slot: other, differing_bits: 12, is_same_file: false };
  const finding = {
    code: "P201",
    severity: "error" as const,
    text: "Foto halaman 2 tampak sama dengan foto TPS 6472011001002 (gub).",
    fields: [],
    left: 12,
    right: 240,
  };
  const heads = [revision("a", 1, FIGURES), revision("b", 1, { "votes.1": 80 })];
  const slot = slotWith({
    heads,
    findings: [finding],
    photos: [photo("a", 1, true), { ...photo("a", 2, true), same_as: [same] }],
  });

  it("is a question with the way to both", async () => {
    const onphoto = vi.fn();
    render(SamePhotos, { slot, onphoto });
    expect(screen.getByText(finding.text)).toBeTruthy();
    await fireEvent.click(screen.getByRole("button", { name: "Lihat fotonya" }));
    expect(onphoto).toHaveBeenCalledWith("a-2");
    const link = screen.getByRole("link", { name: "Buka formulir lain" });
    expect(link.getAttribute("href")).toBe(`#/slot/${other}`);
  });

  it("leads nowhere when the other form is not one's own to see", () => {
    const hidden = { ...photo("a", 2, true), same_as: [{ ...same, slot: null }] };
    render(SamePhotos, { slot: { ...slot, photos: [hidden] }, onphoto: () => undefined });
    expect(screen.queryByRole("link")).toBeNull();
  });

  it("is no finding of a column of figures", () => {
    const found = columnsOf(slot).flatMap((column) => column.findings);
    expect(found.map(({ code }) => code)).not.toContain("P201");
  });
});

describe("a straightened page", () => {
  const SHEET: SheetPlace = {
    sheet_mm: [600, 900],
    picture_px: [1200, 1600],
    corners_px: [
      [90, 60],
      [1110, 80],
      [1130, 1560],
      [70, 1530],
    ],
  };
  const answered = (status: number, body: unknown) =>
    vi.fn(() => Promise.resolve(new Response(JSON.stringify(body), { status })));
  const pane = (device: string) =>
    render(PhotoPane, {
      photos: [photo(device, 2, true)],
      index: 0,
      timeZone: "Asia/Makassar",
      witnessOf: () => "Siti",
      onindex: () => undefined,
      onoriginal: null,
    });
  const press = () => fireEvent.click(screen.getByRole("button", { name: "Luruskan halaman" }));
  const picture = () => screen.getByAltText<HTMLImageElement>("Foto Hal. 2 dari Siti");

  it("is the photo itself, drawn otherwise; says what it is, and gives way to the photo", async () => {
    const asked = answered(200, SHEET);
    vi.stubGlobal("fetch", asked);
    pane("a");
    const { src } = picture();
    await press();
    expect(await screen.findByText(/Bukti tetap foto asli/)).toBeTruthy();
    expect(picture().src).toBe(src);
    expect(picture().style.transform).toMatch(/^matrix3d/);
    await press();
    expect(sight.isStraight).toBe(false);
    expect(picture().style.transform).toBe("");
    expect(screen.queryByText(/Bukti tetap foto asli/)).toBeNull();
    await press();
    expect(screen.getByText(/Bukti tetap foto asli/)).toBeTruthy();
    expect(asked).toHaveBeenCalledTimes(1);
    await press();
  });

  it("that was not found leaves the photo where it is, and says so", async () => {
    vi.stubGlobal("fetch", answered(404, { code: "not_found" }));
    pane("b");
    await press();
    expect((await screen.findByRole("alert")).textContent).toContain("tidak dikenali");
    expect(picture().style.transform).toBe("");
    await press();
    expect(screen.queryByRole("alert")).toBeNull();
  });

  it("is asked for again when no answer came", async () => {
    vi.stubGlobal("fetch", vi.fn().mockRejectedValueOnce(new TypeError("no way there")));
    pane("c");
    await press();
    expect((await screen.findByRole("alert")).textContent).toContain("belum didapat");
    vi.stubGlobal("fetch", answered(200, SHEET));
    await press();
    await press();
    expect(await screen.findByText(/Bukti tetap foto asli/)).toBeTruthy();
    await press();
  });
});
