// The present route, following links and the browser's own back and forward.
import { format, parse, type Route } from "./route";

/** Marks a step that was seen before: the browser's back and forward lead to it. */
const SEEN = "seen";

let current = $state.raw<Route>(parse(location.hash));
/** Where one was before the last step forward; `null` after a step back. */
let before: Route | null = null;

history.replaceState(SEEN, "");

window.addEventListener("popstate", (event) => {
  const isForward = event.state !== SEEN;
  before = isForward ? current : null;
  if (isForward) history.replaceState(SEEN, "");
  current = parse(location.hash);
});

export const place = {
  get route(): Route {
    return current;
  },
  /** Goes there; `replace` leaves no step to come back to. */
  go(route: Route, how: "push" | "replace" = "push"): void {
    const hash = format(route);
    if (hash === location.hash) return;
    if (how === "push") {
      before = current;
      history.pushState(SEEN, "", hash);
    } else {
      history.replaceState(SEEN, "", hash);
    }
    current = route;
  },
  /** Goes back to the screen one came from, or else to `other`. */
  backOr(other: Route): void {
    if (before && before.screen !== "slot") history.back();
    else place.go(other);
  },
};
