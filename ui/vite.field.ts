import { defineConfig } from "vite";
import { build, fs } from "./vite.shared";

export default defineConfig({ ...build("field"), server: { port: 5173, strictPort: true, fs } });
