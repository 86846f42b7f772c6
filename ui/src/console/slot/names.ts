// Whose figures a column holds, for people.
import { words } from "../sentences/index.svelte";
import type { Column } from "./heads";

export function nameOf(column: Column): string {
  switch (column.kind) {
    case "head":
      return column.head.witness;
    case "reading":
      return words.t.readBy(column.reading.by);
    case "union":
      return words.t.union;
    case "decided":
      return words.t.decided;
  }
}
