// What the two builds have in common: the witness app's window and the
// counting room's console are separate bundles, so that a phone never loads
// a byte of the console.
import { svelte } from "@sveltejs/vite-plugin-svelte";
import { fileURLToPath } from "node:url";
import type { UserConfig } from "vite";

/** What the development servers may read: the icons lie beside this folder. */
export const fs = { allow: [fileURLToPath(new URL("..", import.meta.url))] };

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

export function build(app: "field" | "console"): UserConfig {
  return {
    root: here(`./src/${app}`),
    base: "/",
    publicDir: here("./public"),
    plugins: [svelte({ configFile: here("./svelte.config.js") })],
    resolve: { alias: { "@shared": here("./src/shared"), "@generated": here("./src/generated") } },
    clearScreen: false,
    build: {
      outDir: here(`./dist/${app}`),
      emptyOutDir: true,
      // Old phones: Android 8's WebView updates itself, but not everywhere.
      target: app === "field" ? ["chrome87", "safari14"] : ["chrome111", "firefox115", "safari16"],
      modulePreload: { polyfill: false },
      assetsInlineLimit: 0,
      reportCompressedSize: true,
    },
  };
}
