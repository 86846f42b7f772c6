// Which key means what: pure, so that it can be tested without a window.

export interface Binding {
  /** As `keyOf` writes them; the first is the one shown. */
  keys: string[];
  /** What it does, for the sheet of keys. */
  label: string;
  run: (key: string) => void;
  /**
   * Also while typing in a field; `figures`: of fields only in boxes that take
   * digits and nothing else; `only`: nowhere but in fields.
   */
  inFields?: boolean | "figures" | "only";
}

export interface Scope {
  title: string;
  bindings: Binding[];
}

/** A pressed key in words: `j`, `?`, `ArrowUp`, `Ctrl+Enter`. */
export function keyOf(event: KeyboardEvent): string {
  const isNamed = event.key.length > 1;
  const parts = [
    event.ctrlKey || event.metaKey ? "Ctrl" : "",
    event.altKey ? "Alt" : "",
    event.shiftKey && isNamed ? "Shift" : "",
    event.key === " " ? "Space" : event.key,
  ];
  return parts.filter(Boolean).join("+");
}

/** What the pressed key means in these scopes, the newest first. */
export function meaning(scopes: Scope[], event: KeyboardEvent): Binding | null {
  const key = keyOf(event);
  const isTyping = takesText(event.target);
  if (isOwnKey(event.target, key)) return null;
  for (const scope of [...scopes].reverse()) {
    const found = scope.bindings.find((binding) => binding.keys.includes(key));
    if (found && (isTyping ? reachesInto(event.target, found) : found.inFields !== "only"))
      return found;
  }
  return null;
}

/** The scopes, the newest first, each without keys that a newer one has taken. */
export function inForce(scopes: Scope[]): Scope[] {
  const taken = new Set<string>();
  return [...scopes].reverse().map(({ title, bindings }) => {
    // What is for fields alone stands beside what the same key means elsewhere.
    const left = bindings.filter(
      ({ keys, inFields }) => inFields === "only" || keys.some((key) => !taken.has(key)),
    );
    for (const { keys } of bindings) keys.forEach((key) => taken.add(key));
    return { title, bindings: left };
  });
}

function reachesInto(target: EventTarget | null, { inFields }: Binding): boolean {
  if (inFields !== "figures") return inFields === true || inFields === "only";
  return target instanceof HTMLInputElement && target.inputMode === "numeric";
}

function takesText(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target instanceof HTMLInputElement) {
    return !["button", "checkbox", "radio", "submit"].includes(target.type);
  }
  return target.matches("textarea, select") || target.isContentEditable;
}

/** Enter and space press the button or follow the link that has the focus. */
function isOwnKey(target: EventTarget | null, key: string): boolean {
  if (key !== "Enter" && key !== "Space") return false;
  return target instanceof HTMLElement && target.closest("button, a, summary") !== null;
}

/** How a key is drawn on a cap. */
export function capOf(key: string): string {
  const arrows: Record<string, string> = {
    ArrowUp: "↑",
    ArrowDown: "↓",
    ArrowLeft: "←",
    ArrowRight: "→",
    Escape: "Esc",
    Enter: "↵",
    Backspace: "⌫",
    Space: "␣",
  };
  return key
    .split(/(?<=.)\+/)
    .map((part) => arrows[part] ?? part)
    .join(" ");
}
