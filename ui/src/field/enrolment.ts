// What a witness types or pastes to enrol, forgivingly read. The device reads
// the same texts again and has the last word.

/** Symbols of a code, check symbol included; shown in groups of five, five, one. */
const CODE_SYMBOLS = 11;

export interface EnrolmentLink {
  address: string;
  code: string;
}

/** A code as it is shown: capitals, look-alikes resolved, 5-5-1. */
export function shownCode(raw: string): string {
  const symbols = raw
    .toUpperCase()
    .replaceAll("O", "0")
    .replace(/[IL]/g, "1")
    .replace(/[^0-9A-Z]/g, "")
    .slice(0, CODE_SYMBOLS);
  return [symbols.slice(0, 5), symbols.slice(5, 10), symbols.slice(10)].filter(Boolean).join("-");
}

/** Address and code of an enrolment link, or `null` for any other text. */
export function readLink(raw: string): EnrolmentLink | null {
  const text = raw.trim();
  if (!/^(saksi|https?):\/\//i.test(text)) return null;
  const [beforeHash = "", hash = ""] = text.split("#", 2);
  const [path = "", query = ""] = beforeHash.split("?", 2);
  const told = new URLSearchParams(hash.includes("code=") ? hash : query);
  const code = told.get("code");
  if (code === null) return null;
  const address = told.get("server") ?? path.replace(/\/enrol\/?$/, "");
  return address ? { address, code: shownCode(code) } : null;
}
