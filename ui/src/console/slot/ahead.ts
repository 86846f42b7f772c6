// Reads the slot that probably comes next, and its first photos, so that
// nobody waits for them.
import type { SlotDetail } from "@generated/SlotDetail";
import { readSlot } from "../api/calls";
import { loadDecoded } from "../photo/decoded";
import { inOrder } from "../photo/order";

/** Photos of the next slot that are loaded ahead. */
const PHOTOS_AHEAD = 2;

let ahead: { slot: string; detail: Promise<SlotDetail | null> } | null = null;

/** Reads a slot ahead; only the latest one is kept. */
export function readAhead(slot: string): void {
  if (ahead?.slot === slot) return;
  const detail = readSlot(slot).then(
    (read) => {
      for (const { sha256 } of arrived(read).slice(0, PHOTOS_AHEAD)) void loadDecoded(sha256);
      return read;
    },
    () => null,
  );
  ahead = { slot, detail };
}

/** What was read ahead of this slot, if anything. It may be some moments old. */
export async function takeAhead(slot: string): Promise<SlotDetail | null> {
  const taken = ahead?.slot === slot ? ahead.detail : null;
  if (taken) ahead = null;
  return taken;
}

function arrived(slot: SlotDetail) {
  return inOrder(
    slot.photos,
    slot.heads.map(({ device }) => device),
  ).filter((photo) => photo.is_received);
}
