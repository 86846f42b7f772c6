// The sentences about irregularities, in the language that is set.
import type { IrregularityItem } from "@generated/IrregularityItem";
import { words } from "../sentences/index.svelte";
import { irregularEn } from "./words.en";
import { irregularId } from "./words.id";

const tables = { id: irregularId, en: irregularEn };

/** Reading it in a component follows changes of the language. */
export const irregular = {
  get t(): typeof irregularId {
    return tables[words.language];
  },
};

/** What a code is called. The codes of forms' own rules are not a closed list. */
export function codeName(code: string): string {
  const known = irregular.t.codes[code];
  if (known !== undefined) return known;
  return code.startsWith("W") ? irregular.t.codeUnusual : irregular.t.codeSum;
}

/** The finding as a sentence. */
export function sentenceOf({ text, text_en }: IrregularityItem): string {
  return words.language === "en" ? text_en : text;
}
