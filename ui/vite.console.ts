import { defineConfig } from "vite";
import { build, fs } from "./vite.shared";

// In development the console talks to an endpoint on its default address.
export default defineConfig({
  ...build("console"),
  server: { port: 5174, strictPort: true, fs, proxy: { "/v1": "http://127.0.0.1:8080" } },
});
