// Where a desk has its figures from, in words.
import type { DeskOrigin } from "@generated/DeskOrigin";
import { desk } from "./words";

/** `Meja entri rani: Telepon, dibacakan …` */
export function deskOrigin(user: string, { source, called }: DeskOrigin): string {
  const from = desk.t.fromDesk(user, desk.t.sources[source].toLowerCase());
  return called === "" ? from : `${from}, ${desk.t.calledIs(called)}`;
}
