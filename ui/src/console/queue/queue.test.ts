import { fireEvent, render, screen } from "@testing-library/svelte";
import { describe, expect, it, vi } from "vitest";
import { press } from "../keys/keys.svelte";
import { words } from "../sentences/index.svelte";
import { columnsOf } from "../slot/heads";
import { paperOf } from "../slot/paper";
import { FIGURES, layout, pairs, revision, slotWith } from "../testing";
import VersionTable from "./VersionTable.svelte";
import { disputed } from "./versions";

words.language = "id";
// jsdom has none; ids of fields hold nothing worse than a dot.
vi.stubGlobal("CSS", { escape: (text: string) => text.replaceAll(".", "\\.") });

const other = { ...FIGURES, "votes.1": 90, valid: 150 };
const heads = [revision("a", 1, FIGURES), revision("b", 1, other)];
const columns = columnsOf(slotWith({ state: "conflict", heads, figures: {} }));
const pages = paperOf(layout, pairs);
const fields = disputed(columns, pages);

function table(settled: string[] = [], typed: Record<string, string> = {}) {
  const onsettle = vi.fn();
  render(VersionTable, {
    fields,
    pages,
    contest: pairs,
    columns,
    typed,
    settled: new Set(settled),
    onsettle,
    onfield: vi.fn(),
  });
  return onsettle;
}

const key = (name: string) => press(new KeyboardEvent("keydown", { key: name, cancelable: true }));

describe("fields that versions dispute", () => {
  it("are settled with a version's figure by its key, the first open one first", () => {
    expect(fields).toEqual(["votes.1", "valid"]);
    const onsettle = table();
    key("2");
    expect(onsettle).toHaveBeenCalledWith("votes.1", "90");
  });

  it("are gone to by key, and the one that is settled already is passed by", () => {
    const onsettle = table(["votes.1"], { "votes.1": "80" });
    key("1");
    expect(onsettle).toHaveBeenCalledWith("valid", "140");
    key("k");
    key("x");
    expect(onsettle).toHaveBeenLastCalledWith("votes.1", null);
  });

  it("take a typed figure, and nothing but digits", async () => {
    const onsettle = table();
    const [box] = screen.getAllByRole("textbox");
    if (box) await fireEvent.input(box, { target: { value: "8a5" } });
    expect(onsettle).toHaveBeenCalledWith("votes.1", "85");
  });
});
