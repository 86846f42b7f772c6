// The counting room's screens: the console, which the endpoint serves at "/",
// and the wall display at "/wall/#<token>", which shares nothing of the
// console's state and never loads it.
import "@shared/tokens.css";
import "./console.css";
import { mount } from "svelte";

const target = document.getElementById("app");
if (!target) throw new Error("index.html has no #app");
if (/^\/wall\/?$/.test(location.pathname)) {
  const { default: WallScreen } = await import("./wall/WallScreen.svelte");
  // Another link typed over this one is another screen.
  window.addEventListener("hashchange", () => location.reload());
  mount(WallScreen, { target, props: { token: location.hash.slice(1) } });
} else {
  const { default: App } = await import("./App.svelte");
  mount(App, { target });
}
