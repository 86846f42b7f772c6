import type { DraftChange } from "@generated/DraftChange";
import { fireEvent, render, screen } from "@testing-library/svelte";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { emptyDraft, formView } from "../testing/forms";

const changes: DraftChange[] = [];

vi.mock("@shared/backend", () => ({
  asFailure: (thrown: unknown) => thrown,
  device: {
    changeDraft: (_slot: string, change: DraftChange) => {
      changes.push(change);
      const text = change.kind === "figure" ? change.text : "";
      const words: Record<string, string> = text === "101" ? { dpt_male: "seratus satu" } : {};
      return Promise.resolve({ ...emptyDraft(), figures: { dpt_male: text }, words });
    },
  },
}));

const { Form } = await import("./form.svelte");
const { default: SectionBlock } = await import("./SectionBlock.svelte");

/** The first table of the form, drawn. */
function draw() {
  const form = new Form(formView());
  const section = form.pages[0]?.blocks[0];
  if (section?.kind !== "section") throw new Error("the form begins with a table");
  render(SectionBlock, { form, section, found: new Map() });
  const [men, women] = screen.getAllByRole<HTMLInputElement>("textbox");
  if (!men || !women) throw new Error("the table begins with men and women");
  return { form, men, women };
}

beforeEach(() => (changes.length = 0));

describe("a digit box", () => {
  it("sends each keystroke at once, and shows the device's words beneath", async () => {
    const { men } = draw();
    await fireEvent.input(men, { target: { value: "1" } });
    await fireEvent.input(men, { target: { value: "10" } });
    await fireEvent.input(men, { target: { value: "101" } });
    expect(await screen.findByText("seratus satu")).toBeTruthy();
    expect(changes.map((change) => change.kind === "figure" && change.text)).toEqual([
      "1",
      "10",
      "101",
    ]);
  });

  it("turns letters and a fourth digit away with a sentence, and keeps what it had", async () => {
    const { men } = draw();
    await fireEvent.input(men, { target: { value: "105" } });
    for (const wrong of ["105x", "1055"]) {
      await fireEvent.input(men, { target: { value: wrong } });
      expect(men.value).toBe("105");
      expect(screen.getByRole("alert").textContent).toContain("paling banyak 3 digit");
    }
    expect(changes).toHaveLength(1);
  });

  it("passes the focus on to the next box of the paper on Enter", async () => {
    const { men, women } = draw();
    men.focus();
    await fireEvent.keyDown(men, { key: "Enter" });
    expect(document.activeElement).toBe(women);
  });

  it("is named for screen readers by its row and column", () => {
    draw();
    expect(
      screen.getByLabelText("Jumlah Pemilih dalam Daftar Pemilih Tetap (DPT), Perempuan"),
    ).toBeTruthy();
  });
});
