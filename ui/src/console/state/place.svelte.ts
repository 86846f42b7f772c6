// The present route, following the browser's own back and forward.
import { format, parse, type Route } from "./route";

let current = $state.raw<Route>(parse(location.hash));

window.addEventListener("hashchange", () => {
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
    if (how === "push") history.pushState(null, "", hash);
    else history.replaceState(null, "", hash);
    current = route;
  },
};

window.addEventListener("popstate", () => {
  current = parse(location.hash);
});
