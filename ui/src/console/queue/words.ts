// The queue's sentences, in the language that is set.
import { words } from "../sentences/index.svelte";
import { queueEn } from "./words.en";
import { queueId } from "./words.id";

const tables = { id: queueId, en: queueEn };

/** Reading it in a component follows changes of the language. */
export const queue = {
  get t(): typeof queueId {
    return tables[words.language];
  },
};
