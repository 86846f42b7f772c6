// A small made-up form and slots, for the console's tests.
import type { Contest } from "@generated/Contest";
import type { FormLayout } from "@generated/FormLayout";
import type { PhotoDetail } from "@generated/PhotoDetail";
import type { RevisionDetail } from "@generated/RevisionDetail";
import type { SlotDetail } from "@generated/SlotDetail";
import type { SlotSummary } from "@generated/SlotSummary";
import type { Counts } from "./slot/paper";

export const SLOT = "kaltim-2024/6472011001001/gub";

export const layout: FormLayout = {
  id: "form",
  title: "Model C.Contoh",
  also_called: "C1",
  pages: [
    { number: 1, title: "Pemilih", tag: null },
    { number: 2, title: "Suara", tag: null },
  ],
  fields: [
    field("dpt_male", 1, "dpt", "male", "I. Pemilih"),
    field("dpt_female", 1, "dpt", "female"),
    field("dpt_total", 1, "dpt", "total"),
    field("ballots_used", 1, "ballots_used", "total", "II. Surat suara"),
    field("valid", 2, "valid", "total", "V. Suara sah"),
    field("invalid", 2, "invalid", "total"),
  ],
  votes: { page: 2, digits: 3, page_per_option: false },
  rules: [
    rule("E101", "equal", ["dpt_male", "dpt_female"], ["dpt_total"]),
    rule("E301", "equal", ["votes.*"], ["valid"]),
    {
      ...rule("W402", "at_most", ["ballots_used"], ["dpt_total"]),
      severity: "warning",
      scale: 1.025,
    },
  ],
  sms_fields: ["votes.*"],
};

function field(
  id: string,
  page: number,
  row: string,
  column: "male" | "female" | "total",
  section?: string,
) {
  const label = `Baris ${row}`;
  return { id, page, row, column, label, digits: 3, ...(section ? { section } : {}) };
}

function rule(code: string, kind: "equal" | "at_most", left: string[], right: string[]) {
  const text = `${code}?`;
  return { code, severity: "error" as const, kind, left, right, scale: 1, plus: 0, text };
}

export const pairs: Contest = {
  id: "gub",
  title: "Gubernur",
  form: "form",
  options: [
    { number: 1, name: "Paslon 1 (contoh)" },
    { number: 2, name: "Paslon 2 (contoh)" },
  ],
};

export const parties: Contest = {
  id: "dpr",
  title: "DPR",
  form: "form",
  options: [1, 2].map((number) => ({
    number,
    name: `Partai ${number} (contoh)`,
    candidates: [{ number: 1, name: "Calon 1 (contoh)" }],
  })),
};

/** A form whose sums hold. */
export const FIGURES: Counts = {
  dpt_male: 100,
  dpt_female: 110,
  dpt_total: 210,
  ballots_used: 150,
  "votes.1": 80,
  "votes.2": 60,
  valid: 140,
  invalid: 10,
};

export function revision(device: string, seq: number, counts: Counts): RevisionDetail {
  return {
    rev_id: `${device}-${seq}`,
    device,
    witness: `Saksi ${device}`,
    seq,
    prev: seq > 1 ? `${device}-${seq - 1}` : null,
    channel: "app",
    counts,
    form_tps: "001",
    photos: [],
    flags: [],
    bubbles: [],
    note: "",
    findings: [],
    recorded_at: "2024-11-27T08:00:00.000Z",
    received_at: "2024-11-27T08:01:00.000Z",
  };
}

export function photo(device: string, page: number | null, isReceived: boolean): PhotoDetail {
  return {
    device,
    is_received: isReceived,
    received_bytes: isReceived ? 200_000 : 0,
    is_original_received: false,
    is_original_asked: false,
    same_as: [],
    kind: page === null ? "objection" : "form",
    page,
    sha256: `${device}-${page}`,
    bytes: 200_000,
    source: "camera",
    original: null,
    taken_at: null,
  };
}

export function slotWith(change: Partial<SlotDetail>): SlotDetail {
  const heads = change.heads ?? [];
  return {
    slot: SLOT,
    etag: '"1"',
    place: ["Kota", "Kecamatan", "Desa"],
    number: "001",
    dpt: null,
    contest: pairs,
    state: "single",
    marks: [],
    figures: heads[0]?.counts ?? {},
    heads,
    history: heads,
    decisions: [],
    findings: [],
    photos: [],
    quarantined: [],
    paper: { place: "witness", holder: null, folder: null, compared: null, changed_at: null },
    ...change,
  };
}

export function row(slot: string, change: Partial<SlotSummary> = {}): SlotSummary {
  return {
    slot,
    place: ["Kecamatan", "Desa", "001"],
    state: "single",
    marks: [],
    heads: 1,
    photos_received: 0,
    photos_announced: 2,
    findings: 0,
    bubbles_differ: 0,
    paper: "witness",
    paper_compared: null,
    changed_at: null,
    ...change,
  };
}
