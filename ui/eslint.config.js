import js from "@eslint/js";
import svelte from "eslint-plugin-svelte";
import globals from "globals";
import ts from "typescript-eslint";
import svelteConfig from "./svelte.config.js";

// Who may know whom, in the screens: only the backend folder sees Tauri.
const noTauri = {
  patterns: [{ group: ["@tauri-apps/*"], message: "Only src/shared/backend talks to Tauri." }],
};

export default ts.config(
  { ignores: ["dist/", "node_modules/", "src/generated/"] },
  js.configs.recommended,
  ...ts.configs.strict,
  ...svelte.configs.recommended,
  { languageOptions: { globals: { ...globals.browser } } },
  {
    files: ["**/*.svelte", "**/*.svelte.ts"],
    languageOptions: {
      parserOptions: { parser: ts.parser, extraFileExtensions: [".svelte"], svelteConfig },
    },
  },
  { files: ["*.js", "*.ts"], languageOptions: { globals: { ...globals.node } } },
  {
    files: ["src/**"],
    ignores: ["src/shared/backend/**"],
    rules: { "no-restricted-imports": ["error", noTauri] },
  },
  {
    rules: {
      "max-lines": ["error", 500],
      "max-lines-per-function": [
        "error",
        { max: 60, skipBlankLines: true, skipComments: true, IIFEs: true },
      ],
      "no-console": "error",
      eqeqeq: "error",
    },
  },
  { files: ["**/*.test.ts"], rules: { "max-lines-per-function": "off" } },
);
