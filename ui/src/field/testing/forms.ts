// The sample election's own forms, for tests.
import type { Contest } from "@generated/Contest";
import type { DraftView } from "@generated/DraftView";
import type { FormLayout } from "@generated/FormLayout";
import type { FormView } from "@generated/FormView";
import type { PhotoView } from "@generated/PhotoView";
import dpr from "../../../../crates/sample/data/layouts/c-hasil-dpr-2024.json";
import kwk from "../../../../crates/sample/data/layouts/c-hasil-kwk-2024.json";
import ppwp from "../../../../crates/sample/data/layouts/c-hasil-ppwp-2024.json";

export const layouts = {
  kwk: kwk as unknown as FormLayout,
  ppwp: ppwp as unknown as FormLayout,
  dpr: dpr as unknown as FormLayout,
};

/** A contest between so many made-up pairs. */
export function pairs(count: number): Contest {
  const options = Array.from({ length: count }, (_, index) => ({
    number: index + 1,
    name: `Paslon ${index + 1} (contoh)`,
  }));
  return { id: "gub", title: "Gubernur dan Wakil Gubernur", form: kwk.id, options };
}

/** A contest between so many made-up parties of three candidates each. */
export function parties(count: number): Contest {
  const options = Array.from({ length: count }, (_, index) => ({
    number: index + 1,
    name: `Partai ${index + 1} (contoh)`,
    candidates: [1, 2, 3].map((number) => ({ number, name: `Calon ${number} (contoh)` })),
  }));
  return { id: "dpr", title: "DPR", form: dpr.id, options };
}

export function emptyDraft(): DraftView {
  return {
    figures: {},
    words: {},
    form_tps: "",
    findings: [],
    answers: {},
    note: "",
    flags: [],
    photos: [],
    page_findings: [],
    bubble_questions: [],
    votes_sum: 0,
    party_sums: {},
    is_changed: false,
  };
}

/** An untouched form of TPS 007. */
export function formView(): FormView {
  return {
    slot: "kaltim-2024/6472011001007/gub",
    number: "007",
    place: [],
    contest: pairs(2),
    layout: layouts.kwk,
    draft: emptyDraft(),
    standing: { kind: "not_started" },
  };
}

/** A photo of a page, looked at and clear. */
export function photo(id: number, page: number): PhotoView {
  return {
    id,
    kind: "form",
    page,
    source: "camera",
    width: 1500,
    height: 2000,
    size_bytes: 280_000,
    look: { troubles: [], sheet: null },
    is_received: false,
  };
}
