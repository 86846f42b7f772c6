// The sentences of these cards, in the language that is set.
import { words } from "../strings";
import { lookEn } from "./words.en";
import { lookId } from "./words.id";

const tables = { id: lookId, en: lookEn };

/** Reading it in a component follows changes of the language. */
export const look = {
  get t(): typeof lookId {
    return tables[words.language];
  },
};
