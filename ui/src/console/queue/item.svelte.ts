// The desk of an item of the queue: its slot as it was claimed, followed while it is on the screen.
import type { SlotDetail } from "@generated/SlotDetail";
import type { FormLayout } from "@generated/FormLayout";
import { decide, readSlot } from "../api/calls";
import { Desk } from "../slot/desk.svelte";
import type { Column } from "../slot/heads";
import { live } from "../state/room.svelte";

/** Made once by the component of an item, which is made anew for each slot. */
export function deskOf(detail: SlotDetail, forms: FormLayout[], beside: Column[] = []): Desk {
  const source = { read: readSlot, ahead: async () => detail, rule: decide };
  const desk = new Desk(detail.slot, forms, source, { isLeftWhenRuled: true, beside });
  desk.show(detail);
  $effect(() =>
    live.listen({
      slot: (change) => {
        if (change.slot === detail.slot) void desk.lookAgain();
      },
      reset: () => void desk.lookAgain(),
    }),
  );
  return desk;
}
