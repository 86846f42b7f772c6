// Which questions stand where. A question belongs beneath the last box that it
// is about, where the eye is when it arises; and none arises from a figure
// that is still being keyed.
import type { Finding } from "@generated/Finding";
import type { Box } from "./paper";

/** Findings by the id of the last of their boxes in paper order; those without any under "". */
export function byLastBox(findings: Finding[], boxes: Box[]): Map<string, Finding[]> {
  const order = new Map(boxes.map((box, index) => [box.id, index]));
  const found = new Map<string, Finding[]>();
  for (const finding of findings) {
    const placed = finding.fields
      .filter((id) => order.has(id))
      .sort((a, b) => (order.get(a) ?? 0) - (order.get(b) ?? 0));
    const at = placed[placed.length - 1] ?? "";
    found.set(at, [...(found.get(at) ?? []), finding]);
  }
  return found;
}

/** Findings to show while box `active` has the focus: not those about it, unless they stood there before. */
export function settled(findings: Finding[], active: string | null, before: string[]): Finding[] {
  if (active === null) return findings;
  return findings.filter(
    (finding) => before.includes(finding.code) || !finding.fields.includes(active),
  );
}
