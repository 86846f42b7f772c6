// The steps of a form in order: photos, each page that has figures, review.
// A step's name is what the device remembers to come back to.
import type { PaperPage } from "./paper";

export type Step =
  | { kind: "photos"; name: "photos" }
  | { kind: "page"; name: string; page: PaperPage }
  | { kind: "review"; name: "review" };

export function stepsOf(pages: PaperPage[]): Step[] {
  const keyed = pages.filter((page) => page.blocks.length > 0);
  return [
    { kind: "photos", name: "photos" },
    ...keyed.map((page): Step => ({ kind: "page", name: `page-${page.number}`, page })),
    { kind: "review", name: "review" },
  ];
}

/** Place of the step called `name`; the first when a newer or older app named it otherwise. */
export function indexOfStep(steps: Step[], name: string): number {
  return Math.max(
    0,
    steps.findIndex((step) => step.name === name),
  );
}
