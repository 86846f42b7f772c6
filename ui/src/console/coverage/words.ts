// The sentences of coverage and calling, in the language that is set.
import { words } from "../sentences/index.svelte";
import { coverageEn } from "./words.en";
import { coverageId } from "./words.id";

const tables = { id: coverageId, en: coverageEn };

/** Reading it in a component follows changes of the language. */
export const coverage = {
  get t(): typeof coverageId {
    return tables[words.language];
  },
};
