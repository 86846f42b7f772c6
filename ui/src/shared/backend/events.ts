// What the app tells its window unasked: one event without content.
import { listen } from "@tauri-apps/api/event";

/** Calls `changed` whenever delivery or the inbox changed anything, until the answer is called. */
export function onChanged(changed: () => void): Promise<() => void> {
  return listen("changed", () => changed());
}
