import type { AuditAnswer } from "@generated/AuditAnswer";
import type { LogEvent } from "@generated/LogEvent";
import type { Session } from "@generated/Session";
import { render, screen } from "@testing-library/svelte";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { press } from "../keys/keys.svelte";
import { words } from "../sentences/index.svelte";
import { place } from "../state/place.svelte";
import AuditScreen from "./AuditScreen.svelte";

const SLOT = "kaltim-2024/6472011001003/gub";
const events: LogEvent[] = [
  { kind: "decision", slot: SLOT, number: 1, ruling: "verify", digest: "d", state: "verified" },
  { kind: "signed_in", name: "rani" },
];
const answer: AuditAnswer = {
  entries: events.map((event, at) => ({
    log_index: 2 - at,
    at: "2024-11-27T07:31:04.120Z",
    actor: "rani",
    event,
    hash: "ab".repeat(32),
  })),
  next: null,
  newest: 2,
  names: { "6472011001": "Sambutan" },
};
const chain = {
  checked_to: 2,
  hash: "h",
  broken_at: null,
  checkpoints: 0,
  newest: 2,
  checkpoint: null,
};
const session = {
  user: "admin",
  role: "admin",
  region: "64",
  election: { timezone: "Asia/Makassar" },
  contests: [],
  forms: [],
} as unknown as Session;

const key = (name: string) => press(new KeyboardEvent("keydown", { key: name, cancelable: true }));

beforeEach(() => {
  words.language = "id";
  Element.prototype.scrollIntoView = vi.fn();
  vi.stubGlobal(
    "fetch",
    vi.fn(
      async (path: string) =>
        new Response(JSON.stringify(path.includes("chain") ? chain : answer), { status: 200 }),
    ),
  );
});
afterEach(() => vi.unstubAllGlobals());

describe("the audit's screen", () => {
  it("tells what happened as sentences and that the chain is whole", async () => {
    render(AuditScreen, { session, filter: {} });
    const told = "Putusan ke-1: memverifikasi TPS 003 Sambutan (gub); kini terverifikasi";
    expect((await screen.findByText(told)).closest("a")?.hash).toContain("6472011001003");
    expect(await screen.findByText("✓ Rantai utuh sampai catatan 2")).toBeDefined();
  });

  it("asks for its entries once, and walks the chain behind them", async () => {
    render(AuditScreen, { session, filter: {} });
    await screen.findByText("✓ Rantai utuh sampai catatan 2");
    const asked = vi.mocked(fetch).mock.calls.map(([path]) => path);
    expect(asked).toEqual(["/v1/audit?limit=50", "/v1/audit/chain?after=0"]);
  });

  it("narrows by key to the person and the place of the entry one stands on", async () => {
    const go = vi.spyOn(place, "go").mockReturnValue(undefined);
    render(AuditScreen, { session, filter: {} });
    await screen.findByText(/memverifikasi/);
    key("j");
    key("o");
    expect(go).toHaveBeenLastCalledWith({ screen: "audit", filter: { actor: "rani" } });
    key("w");
    expect(go).toHaveBeenLastCalledWith({ screen: "audit", filter: { region: "6472011001003" } });
    key("Enter");
    expect(go).toHaveBeenLastCalledWith({ screen: "slot", slot: SLOT });
  });
});
