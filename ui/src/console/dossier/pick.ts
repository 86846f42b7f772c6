// Picking a form for a dossier, and saying so.
import { notice } from "../frame/notices.svelte";
import { num } from "../sentences/index.svelte";
import { basket, BASKET_MAX } from "./basket.svelte";
import { dossier } from "./words";

/** Picks it, or takes it out again. */
export function pick(slot: string): void {
  if (basket.toggle(slot)) notice(dossier.t.picked(num(basket.slots.length)));
  else notice(dossier.t.full(num(BASKET_MAX)), "bad");
}
