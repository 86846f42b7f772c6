// Where the focus goes, for thumbs, keyboards and screen readers alike.

/** Puts the focus on the heading of a screen that has just opened, so that it is read first. */
export function startHere(heading: HTMLElement): void {
  heading.tabIndex = -1;
  heading.focus({ preventScroll: true });
}

/** Goes to the box of a figure that stands on this page. */
export function toBox(id: string): void {
  const box = document.querySelector<HTMLInputElement>(`input[data-box="${id}"]`);
  box?.focus();
  box?.select();
}

/** Moves from one box to the next in the page's order; behind the last, to what ends the page. */
export function toNextBox(from: HTMLInputElement): void {
  const boxes = [...document.querySelectorAll<HTMLInputElement>("input[data-box]")];
  const next = boxes[boxes.indexOf(from) + 1];
  if (next) {
    next.focus();
    next.select();
  } else {
    document.querySelector<HTMLElement>("[data-after-boxes]")?.focus();
  }
}
