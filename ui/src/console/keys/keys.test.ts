import { afterEach, describe, expect, it, vi } from "vitest";
import { capOf, inForce, keyOf, meaning, type Scope } from "./keys";

function pressed(key: string, how: KeyboardEventInit = {}, target: Element = document.body) {
  const event = new KeyboardEvent("keydown", { key, bubbles: true, ...how });
  Object.defineProperty(event, "target", { value: target });
  return event;
}
const binding = (keys: string[], inFields = false) => ({
  keys,
  label: keys.join(),
  run: vi.fn(),
  inFields,
});
const scope = (...bindings: Scope["bindings"]): Scope => ({ title: "", bindings });

afterEach(() => document.body.replaceChildren());

describe("keys", () => {
  it("are written the same way whatever holds them down", () => {
    expect(keyOf(pressed("?", { shiftKey: true }))).toBe("?");
    expect(keyOf(pressed("Enter", { metaKey: true }))).toBe("Ctrl+Enter");
    expect(keyOf(pressed(" "))).toBe("Space");
    expect(capOf("Ctrl+Enter")).toBe("Ctrl ↵");
    expect(capOf("+")).toBe("+");
  });

  it("mean what the newest screen says", () => {
    const frame = binding(["j"]);
    const dialog = binding(["j"]);
    expect(meaning([scope(frame), scope(dialog)], pressed("j"))).toBe(dialog);
    expect(meaning([scope(frame)], pressed("x"))).toBeNull();
  });

  it("leave typing alone, except those that are meant for fields", () => {
    const input = document.createElement("input");
    const letter = binding(["v"]);
    const send = binding(["Ctrl+Enter"], true);
    const scopes = [scope(letter, send)];
    expect(meaning(scopes, pressed("v", {}, input))).toBeNull();
    expect(meaning(scopes, pressed("Enter", { ctrlKey: true }, input))).toBe(send);
  });

  it("reach into boxes for figures, which take no letters, when they are meant to", () => {
    const text = document.createElement("input");
    const figures = document.createElement("input");
    figures.inputMode = "numeric";
    const turn = { ...binding(["r"]), inFields: "figures" as const };
    expect(meaning([scope(turn)], pressed("r", {}, figures))).toBe(turn);
    expect(meaning([scope(turn)], pressed("r", {}, text))).toBeNull();
    expect(meaning([scope(turn)], pressed("r"))).toBe(turn);
  });

  it("can be for fields alone: what leaves a field takes nothing from the screen", () => {
    const input = document.createElement("input");
    const back = binding(["Escape"]);
    const leave = { ...binding(["Escape"]), inFields: "only" as const };
    const scopes = [scope(leave), scope(back)];
    expect(meaning(scopes, pressed("Escape", {}, input))).toBe(leave);
    expect(meaning(scopes, pressed("Escape"))).toBe(back);
    expect(meaning([scope(leave)], pressed("Escape"))).toBeNull();
  });

  it("are on the sheet once, where they mean something", () => {
    const everywhere = scope(binding(["K"]), { ...binding(["Escape"]), inFields: "only" });
    const queue = scope(binding(["K"]), binding(["Escape"]));
    const shown = inForce([everywhere, queue]).map(({ bindings }) =>
      bindings.map(({ label }) => label),
    );
    expect(shown).toEqual([["K", "Escape"], ["Escape"]]);
  });

  it("leave Enter to the button or link that has the focus", () => {
    const button = document.createElement("button");
    document.body.append(button);
    const open = binding(["Enter"]);
    expect(meaning([scope(open)], pressed("Enter", {}, button))).toBeNull();
    expect(meaning([scope(open)], pressed("Enter"))).toBe(open);
  });

  it("with Ctrl or Alt are not the bare key: the browser's own stay its own", () => {
    const letter = binding(["r"]);
    expect(meaning([scope(letter)], pressed("r", { ctrlKey: true }))).toBeNull();
    expect(meaning([scope(letter)], pressed("r", { altKey: true }))).toBeNull();
  });
});
