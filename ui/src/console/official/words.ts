// The sentences about official figures, in the language that is set.
import { words } from "../sentences/index.svelte";
import { officialEn } from "./words.en";
import { officialId } from "./words.id";

const tables = { id: officialId, en: officialEn };

/** Reading it in a component follows changes of the language. */
export const official = {
  get t(): typeof officialId {
    return tables[words.language];
  },
};
