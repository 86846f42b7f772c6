// Scrolls something into view inside its own pane, and only there: the
// browser's own way also moves the whole window.

/** Brings an element to the start or the middle of the pane it scrolls in. */
export function bring(element: Element | null | undefined, to: "start" | "middle"): void {
  const pane = element?.closest<HTMLElement>("[data-scrolls]");
  if (!element || !pane) return;
  const { top, height } = element.getBoundingClientRect();
  const from = pane.getBoundingClientRect().top;
  // The table's heads stay at the pane's top and must not cover what is brought.
  const heads = pane.querySelector("thead")?.clientHeight ?? 0;
  const rest = to === "start" ? heads : (pane.clientHeight - height) / 2;
  pane.scrollTop += top - from - rest;
}
