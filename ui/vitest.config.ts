import { svelte } from "@sveltejs/vite-plugin-svelte";
import { svelteTesting } from "@testing-library/svelte/vite";
import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

export default defineConfig({
  plugins: [svelte(), svelteTesting()],
  resolve: { alias: { "@shared": here("./src/shared"), "@generated": here("./src/generated") } },
  // The icons lie beside this folder.
  server: { fs: { allow: [here("..")] } },
  test: { environment: "jsdom", include: ["src/**/*.test.ts"] },
});
