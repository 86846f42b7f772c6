// What a dossier can be about, from where one stands.
import type { DossierChoice } from "@generated/DossierChoice";
import type { DossierFilter } from "@generated/DossierFilter";
import type { SlotFilter } from "../api/calls";

export type Source = "here" | "basket" | "filter";

/** The forms of a list as it is filtered. */
export function fromFilter(filter: SlotFilter): DossierChoice {
  const asked: DossierFilter = {};
  if (filter.region !== null) asked.region = filter.region;
  if (filter.contest !== null) asked.contest = filter.contest;
  if (filter.state !== null) asked.state = filter.state;
  if (filter.mark !== null) asked.mark = filter.mark;
  return { filter: asked };
}

/** The sources that hold something, the most particular first. */
export function sourcesOf(
  here: string | null,
  picked: readonly string[],
  filter: SlotFilter | null,
): Source[] {
  return [
    ...(picked.length > 0 ? (["basket"] as const) : []),
    ...(here !== null ? (["here"] as const) : []),
    ...(filter !== null ? (["filter"] as const) : []),
  ];
}

/** What is asked for. */
export function choiceOf(
  source: Source,
  here: string | null,
  picked: readonly string[],
  filter: SlotFilter | null,
): DossierChoice {
  if (source === "filter" && filter !== null) return fromFilter(filter);
  if (source === "here" && here !== null) return { slots: [here] };
  return { slots: [...picked] };
}
