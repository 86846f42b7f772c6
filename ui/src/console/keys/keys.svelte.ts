// The keys that are in force: each screen adds its own while it is shown.
import { keyOf, meaning, type Binding, type Scope } from "./keys";

// Not reactive: it is read when a key is pressed and when the sheet opens, and
// a component that goes must see the present list, not the one it came with.
let scopes: readonly (() => Scope)[] = [];

/** Puts a screen's keys in force for as long as the component lives. */
export function useKeys(title: () => string, bindings: () => Binding[]): void {
  const scope = () => ({ title: title(), bindings: bindings() });
  $effect.pre(() => {
    scopes = [...scopes, scope];
    return () => {
      scopes = scopes.filter((other) => other !== scope);
    };
  });
}

/** All scopes in force, for the sheet of keys. */
export function scopesInForce(): Scope[] {
  return scopes.map((scope) => scope());
}

/** The one listener of the window. A dialog keeps its keys to itself. */
export function press(event: KeyboardEvent): void {
  if (event.defaultPrevented || event.isComposing) return;
  if (document.querySelector("dialog[open]")) return;
  const binding = meaning(scopesInForce(), event);
  if (!binding) return;
  event.preventDefault();
  binding.run(keyOf(event));
}
