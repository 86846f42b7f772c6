// The workbooks' and exports' sentences, in the language that is set.
import { words } from "../sentences/index.svelte";
import { workbooksEn } from "./words.en";
import { workbooksId } from "./words.id";

const tables = { id: workbooksId, en: workbooksEn };

/** Reading it in a component follows changes of the language. */
export const workbooks = {
  get t(): typeof workbooksId {
    return tables[words.language];
  },
};
