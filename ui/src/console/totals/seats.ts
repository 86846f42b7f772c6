// The seats of a dapil in sentences: who has how many, and what the last one
// hangs on.
import type { Choice } from "@generated/Choice";
import type { DapilSeats } from "@generated/DapilSeats";
import { num, words } from "../sentences/index.svelte";

export interface PartySeats {
  party: number;
  name: string;
  votes: number;
  seats: number;
}

/** Parties with votes or seats: most seats first, then most votes. */
export function partiesOf(dapil: DapilSeats, options: Choice[]): PartySeats[] {
  const seatsOf = (party: number) =>
    dapil.allotment.awards.filter((award) => award.quotient.party === party).length;
  return options
    .map(({ number, name }) => ({
      party: number,
      name,
      votes: dapil.votes[String(number)] ?? 0,
      seats: seatsOf(number),
    }))
    .filter(({ votes }) => votes > 0)
    .sort((a, b) => b.seats - a.seats || b.votes - a.votes || a.party - b.party);
}

/** What the last seat hangs on, one sentence each. */
export function lastSeatOf(dapil: DapilSeats, options: Choice[]): string[] {
  const named = (party: number) =>
    options.find(({ number }) => number === party)?.name ?? String(party);
  const { tie, last, vacant } = dapil.allotment;
  const sentences: string[] = [];
  if (vacant > 0) sentences.push(words.t.seatsVacant(num(vacant)));
  if (tie) {
    const between = tie.between.map(({ party }) => named(party)).join(", ");
    sentences.push(words.t.seatsTied(num(tie.seats), between));
  }
  if (!last) return sentences;
  for (const { quotient, spare_votes } of last.winners) {
    const { party, votes, divisor } = quotient;
    sentences.push(words.t.seatLast(named(party), num(votes), num(divisor), num(spare_votes)));
  }
  const [next] = last.next;
  if (!next) return sentences;
  const missing = (one: typeof next) => num(one.missing_votes);
  sentences.push(words.t.seatNext(named(next.quotient.party), missing(next)));
  // The next quotient is not always the one with the fewest votes missing.
  const closest = last.next.reduce((a, b) => (b.missing_votes < a.missing_votes ? b : a));
  if (closest !== next) {
    sentences.push(words.t.seatClosest(named(closest.quotient.party), missing(closest)));
  }
  return sentences;
}
