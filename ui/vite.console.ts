import { defineConfig } from "vite";
import { build, fs } from "./vite.shared";

// In development the console talks to an endpoint on its default address. The
// endpoint takes changes from its own pages alone, so it must see the address
// that the browser asked for.
const endpoint = { target: "http://127.0.0.1:8080", changeOrigin: false };

export default defineConfig({
  ...build("console"),
  server: { port: 5174, strictPort: true, fs, proxy: { "/v1": endpoint } },
});
