// What an import came to, and how what is carried stands, in words.
import type { CarriedView } from "@generated/CarriedView";
import type { Imported } from "@generated/Imported";
import type { IconName } from "@shared/icons";
import { number } from "@shared/i18n.svelte";
import { words } from "../strings";
import { ways } from "./index";

export interface ResultLine {
  kind: "new" | "known" | "own" | "nothing";
  says: string;
}

/** Only what there was any of. */
export function resultLines(imported: Imported): ResultLine[] {
  const { t } = ways;
  const n = (value: number) => number(value, words.language);
  const lines: ResultLine[] = [];
  if (imported.revisions_new + imported.photos_new > 0) {
    const says = t.importedNew(n(imported.revisions_new), n(imported.photos_new));
    lines.push({ kind: "new", says });
  }
  if (imported.revisions_known + imported.photos_known > 0) {
    const says = t.importedKnown(n(imported.revisions_known), n(imported.photos_known));
    lines.push({ kind: "known", says });
  }
  if (imported.revisions_own > 0) {
    lines.push({ kind: "own", says: t.importedOwn(n(imported.revisions_own)) });
  }
  if (lines.length === 0 && imported.problems.length === 0) {
    lines.push({ kind: "nothing", says: t.importedNothing });
  }
  return lines;
}

export interface CarriedLook {
  state: "waits" | "received" | "refused";
  icon: IconName;
  tone: "" | "good" | "bad";
  says: string;
  more: string | null;
}

/** Received is what a receipt says; everything else waits here, refused or not. */
export function carriedLook(item: CarriedView): CarriedLook {
  const { t } = ways;
  if (item.is_received) {
    return {
      state: "received",
      icon: "check-double",
      tone: "good",
      says: t.carriedReceived,
      more: null,
    };
  }
  if (item.refused !== null) {
    const why = t.carriedRefusedWhy[item.refused] ?? "";
    const more = `${why} ${t.carriedRefusedTodo}`.trim();
    return { state: "refused", icon: "warning", tone: "bad", says: t.carriedRefused, more };
  }
  return { state: "waits", icon: "phone", tone: "", says: t.carriedWaits, more: null };
}
