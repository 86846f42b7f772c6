// The entry desk's sentences, in the language that is set.
import { words } from "../sentences/index.svelte";
import { deskEn } from "./words.en";
import { deskId } from "./words.id";

const tables = { id: deskId, en: deskEn };

/** Reading it in a component follows changes of the language. */
export const desk = {
  get t(): typeof deskId {
    return tables[words.language];
  },
};
