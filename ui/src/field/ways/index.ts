// The sentences of these screens, in the language that is set.
import { words } from "../strings";
import { waysEn } from "./words.en";
import { waysId } from "./words.id";

const tables = { id: waysId, en: waysEn };

/** Reading it in a component follows changes of the language. */
export const ways = {
  get t(): typeof waysId {
    return tables[words.language] as typeof waysId;
  },
};
