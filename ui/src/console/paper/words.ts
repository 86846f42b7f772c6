// The paper's sentences, in the language that is set.
import { words } from "../sentences/index.svelte";
import { paperEn } from "./words.en";
import { paperId } from "./words.id";

const tables = { id: paperId, en: paperEn };

/** Reading it in a component follows changes of the language. */
export const paper = {
  get t(): typeof paperId {
    return tables[words.language];
  },
};
