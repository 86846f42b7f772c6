// How far the leader can still be caught up with, in one sentence.
import type { Lead } from "@generated/Lead";
import { num, percent, words } from "../sentences/index.svelte";

export function leadSentence(lead: Lead, options: { number: number; name: string }[]): string {
  const named = (number: number) =>
    options.find((option) => option.number === number)?.name ?? String(number);
  const [leader, rival] = [named(lead.leader), named(lead.rival)];
  const [votes, missing, tps] = [lead.lead_votes, lead.missing_votes, lead.missing_tps].map(num);
  if (lead.lead_votes <= 0) {
    return lead.missing_tps === 0
      ? words.t.leadUnsureWhole(leader, rival)
      : words.t.leadUnsure(leader, rival, missing ?? "", tps ?? "");
  }
  if (lead.missing_tps === 0) return words.t.leadWhole(leader, votes ?? "");
  if (lead.needed_votes === null) {
    return words.t.leadSafe(leader, votes ?? "", missing ?? "", tps ?? "");
  }
  const share = percent(lead.needed_votes / lead.missing_votes);
  const needed = num(lead.needed_votes);
  return words.t.leadOpen(leader, votes ?? "", rival, needed, share, missing ?? "", tps ?? "");
}
