import { fireEvent, render, screen } from "@testing-library/svelte";
import { describe, expect, it, vi } from "vitest";
import type { BubbleDetail } from "@generated/BubbleDetail";
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
  it("is shown when asked for, says what it is, and gives way to the photo again", async () => {
    render(PhotoPane, {
      photos: [photo("a", 2, true)],
      index: 0,
      timeZone: "Asia/Makassar",
      witnessOf: () => "Siti",
      onindex: () => undefined,
      onoriginal: null,
    });
    const addresses = () =>
      screen.getAllByRole<HTMLImageElement>("img", { hidden: true }).map((one) => one.src);
    expect(addresses().some((address) => address.includes("view="))).toBe(false);
    await fireEvent.click(screen.getByRole("button", { name: "Luruskan halaman" }));
    expect(addresses().every((address) => address.endsWith("/v1/photos/a-2?view=straight"))).toBe(
      true,
    );
    expect(screen.getByText(/Bukti tetap foto asli/)).toBeTruthy();
    await fireEvent.error(screen.getByAltText("Foto Hal. 2 dari Siti"));
    expect(screen.getByRole("alert").textContent).toContain("tidak dikenali");
    await fireEvent.click(screen.getByRole("button", { name: "Luruskan halaman" }));
    expect(sight.isStraight).toBe(false);
    expect(screen.queryByText(/Bukti tetap foto asli/)).toBeNull();
  });
});
