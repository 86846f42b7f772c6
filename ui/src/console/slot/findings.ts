// What does not add up in figures that are being keyed here.
//
// The endpoint judges everything that is sent; these are the same rules of the
// form's layout, so that a coordinator sees a slip while typing and not after.
import type { Contest } from "@generated/Contest";
import type { Finding } from "@generated/Finding";
import type { FormLayout } from "@generated/FormLayout";
import type { Rule } from "@generated/Rule";
import type { Choice } from "@generated/Choice";
import type { Counts } from "./paper";

const MILLION = 1_000_000;

/** Every finding of these figures, in the layout's order. */
export function check(layout: FormLayout, contest: Contest, counts: Counts): Finding[] {
  return layout.rules.flatMap((rule) => {
    const eachOption = [...rule.left, ...rule.right].some((term) => term.includes("{n}"));
    const parties: (Choice | null)[] = eachOption
      ? contest.options.filter((option) => option.candidates?.length)
      : [null];
    return parties.flatMap((of) => finding(rule, contest.options, counts, of) ?? []);
  });
}

/** The ids whose sum is an option's votes. */
export function partIds(option: Choice): string[] {
  const id = `votes.${option.number}`;
  if (!option.candidates?.length) return [id];
  return [`${id}.party`, ...option.candidates.map(({ number }) => `${id}.${number}`)];
}

function finding(rule: Rule, options: Choice[], counts: Counts, of: Choice | null): Finding | null {
  const leftIds = idsOf(rule.left, options, of);
  const rightIds = idsOf(rule.right, options, of);
  const left = sum(leftIds, counts);
  const right = sum(rightIds, counts);
  if (left === null || right === null) return null;
  // In whole millionths, as the endpoint reckons: 1.025 × 400 is 410, not 411.
  const bound =
    rule.kind === "equal"
      ? right
      : Math.ceil((right * Math.round(rule.scale * MILLION)) / MILLION) + rule.plus;
  if (rule.kind === "equal" ? left === right : left <= bound) return null;
  const named = (text: string) => (of ? `${of.name}: ${text}` : text);
  const found: Finding = {
    code: of ? `${rule.code}:${of.number}` : rule.code,
    severity: rule.severity,
    text: named(rule.text),
    fields: [...leftIds, ...rightIds],
    left,
    right: bound,
  };
  return rule.text_en === undefined ? found : { ...found, text_en: named(rule.text_en) };
}

function idsOf(terms: string[], options: Choice[], of: Choice | null): string[] {
  return terms.flatMap((term) => {
    if (term === "votes.*") return options.flatMap(partIds);
    if (of && term === "votes.{n}.*") return partIds(of);
    if (of && term === "votes.{n}") return [`votes.${of.number}`];
    return [term];
  });
}

/** Sum of the figures, or `null` when one is not filled in. */
function sum(ids: string[], counts: Counts): number | null {
  let total = 0;
  for (const id of ids) {
    const value = counts[id];
    if (value === undefined) return null;
    total += value;
  }
  return total;
}
