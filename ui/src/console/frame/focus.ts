// Where the focus goes when something opens.

/** Puts the focus on what is marked `data-first` in an element, if anything is. */
export function focusFirst(within: Element): void {
  within.querySelector<HTMLElement>("[data-first]")?.focus();
}

/** Gives up whatever has the focus, so that letters are keys again. */
export function leaveField(): void {
  if (document.activeElement instanceof HTMLElement) document.activeElement.blur();
}
