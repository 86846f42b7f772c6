// Where the focus goes when something opens.

/** Puts the focus on what is marked `data-first` in an element, if anything is. */
export function focusFirst(within: Element): void {
  within.querySelector<HTMLElement>("[data-first]")?.focus();
}
