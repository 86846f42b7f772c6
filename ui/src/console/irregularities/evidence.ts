// The numbers behind an irregularity as the lines of a small table. Pure.
import type { IrregularityItem } from "@generated/IrregularityItem";

/** Which words stand above the second figure of each line. */
export type Beside = "mayBe" | "other" | "official" | "bubbles" | null;

export interface EvidenceLine {
  /** Id of the figure. */
  field: string;
  /** What is written; `null` where nothing is. */
  here: number | null;
  /** What it is held against. */
  beside: number | null;
  /** Whether this figure is in doubt. */
  isDoubtful: boolean;
}

export interface EvidenceTable {
  beside: Beside;
  lines: EvidenceLine[];
}

/** Figure by figure: what is written, and what it is held against. */
export function tableOf(item: IrregularityItem): EvidenceTable {
  const { evidence } = item;
  switch (evidence.is) {
    case "repairs": {
      const lines = evidence.repairs.map(({ field, from, to }) => ({
        field,
        here: from,
        beside: to,
        isDoubtful: true,
      }));
      return { beside: "mayBe", lines };
    }
    case "readings":
    case "bubbles": {
      const beside =
        evidence.is === "bubbles" ? "bubbles" : item.code === "I601" ? "official" : "other";
      const lines = evidence.differences.map(({ field, first, other }) => ({
        field,
        here: first,
        beside: other,
        isDoubtful: true,
      }));
      return { beside, lines };
    }
    case "sums":
    case "stations":
    case "shares":
    case "photo":
    case "moment":
    case "distance":
    case "count":
      return { beside: null, lines: plain(item) };
  }
}

function plain(item: IrregularityItem): EvidenceLine[] {
  const fields = [...new Set(item.fields)].filter((field) => field !== "form_tps");
  return fields.map((field) => ({
    field,
    here: item.figures[field] ?? null,
    beside: null,
    // Each of the figures that should fit together may be the wrong one.
    isDoubtful: item.evidence.is === "sums",
  }));
}
