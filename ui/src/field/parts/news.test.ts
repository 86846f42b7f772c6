import type { Home } from "@generated/Home";
import type { InboxEntry } from "@generated/InboxEntry";
import { fireEvent, render, screen } from "@testing-library/svelte";
import { beforeEach, describe, expect, it, vi } from "vitest";
import HomeScreen from "../screens/HomeScreen.svelte";
import NewsList from "./NewsList.svelte";

const read: number[] = [];

vi.mock("@shared/backend", () => ({
  isPhone: true,
  asFailure: (thrown: unknown) => thrown,
  onChanged: () => Promise.resolve(() => undefined),
  device: {
    readInbox: (upTo: number) => {
      read.push(upTo);
      return Promise.resolve(null);
    },
  },
}));

function entry(id: number, part: Partial<InboxEntry>): InboxEntry {
  return {
    id,
    is_read: false,
    kind: "message",
    slot: null,
    text: "Foto ulang halaman 2.",
    at: "2024-11-27T08:00:00.000Z",
    ...part,
  };
}

beforeEach(() => (read.length = 0));

describe("a message from the counting room", () => {
  it("says from whom by role, what it says, and can be marked as read", async () => {
    const entries = [entry(7, { from: "coordinator" }), entry(3, { from: "admin", text: "Dua" })];
    render(NewsList, { entries, timeZone: "UTC", canBeRead: true });
    expect(screen.getByText("Pesan dari koordinator")).toBeTruthy();
    expect(screen.getByText("Pesan dari kamar hitung")).toBeTruthy();
    expect(screen.getByText("“Foto ulang halaman 2.”")).toBeTruthy();
    await fireEvent.click(screen.getByRole("button", { name: "Sudah saya baca" }));
    expect(read).toEqual([7]);
  });

  it("is on the first screen, however much other news there is, until it was read", () => {
    const other = [9, 8, 7, 6].map((id) => entry(id, { kind: "conflict", text: "" }));
    const home = {
      posts: [],
      refused: [],
      inbox: [...other, entry(2, { text: "Jangan pulang dahulu." }), entry(1, { is_read: true })],
      carried: { revisions: 0, revisions_received: 0, photos: 0, photos_received: 0, refused: 0 },
      delivery: {
        revisions_only_here: 0,
        photos_only_here: 0,
        bytes_only_here: 0,
        is_running: false,
        trouble: null,
        next_try_at: null,
        last_contact_at: null,
        link: "unknown",
        is_sent_again: false,
      },
    } as unknown as Home;
    const enrolled = { witness: "Siti", election: "E", timezone: "UTC", rehearsal: false };
    render(HomeScreen, { home, enrolled: enrolled as NonNullable<Home["enrolled"]> });
    expect(screen.getByText("“Jangan pulang dahulu.”")).toBeTruthy();
    expect(screen.queryByText("“Foto ulang halaman 2.”")).toBeNull();
  });
});
