// What the screens of coverage work out by themselves: pure.
import type { CoverageRow } from "@generated/CoverageRow";
import type { Stage } from "@generated/Stage";
import type { StageCounts } from "@generated/StageCounts";

/** From the one that is least far. */
export const STAGES: readonly Stage[] = [
  "no_witness",
  "posted",
  "enrolled",
  "opened",
  "drafting",
  "figures",
  "photos",
  "verified",
];

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** How long ago a moment was, in the unit that people would use. */
export type Ago = { unit: "minutes" | "hours" | "days"; count: number } | null;

export function agoOf(at: string | null, now: string): Ago {
  if (at === null) return null;
  const passed = Math.max(0, Date.parse(now) - Date.parse(at));
  if (passed < 2 * HOUR_MS) return { unit: "minutes", count: Math.floor(passed / MINUTE_MS) };
  if (passed < 2 * DAY_MS) return { unit: "hours", count: Math.floor(passed / HOUR_MS) };
  return { unit: "days", count: Math.floor(passed / DAY_MS) };
}

/** Where a phone calls; the number is as the endpoint keeps it, `+` and digits. */
export const callUrl = (phone: string) => `tel:${phone}`;

/** Where WhatsApp writes: it wants the number without its plus. */
export const writeUrl = (phone: string) => `https://wa.me/${phone.replace(/\D/g, "")}`;

/** A number in groups that can be read aloud: `+62 800-0000-001`. */
export function readable(phone: string): string {
  const parts = /^\+62(\d{3})(\d{4})(\d+)$/.exec(phone);
  return parts ? `+62 ${parts[1]}-${parts[2]}-${parts[3]}` : phone;
}

/** All rows together. */
export function sumOf(rows: CoverageRow[]): Omit<CoverageRow, "region"> {
  const count = (of: (row: CoverageRow) => number) => rows.reduce((sum, row) => sum + of(row), 0);
  const stages = Object.fromEntries(
    STAGES.map((stage) => [stage, count((row) => row.stages[stage])]),
  ) as unknown as StageCounts;
  return {
    tps: count((row) => row.tps),
    stages,
    paper: count((row) => row.paper),
    silent: count((row) => row.silent),
  };
}

/** A key for a message that is being written: the same one however often it is sent. */
export function newKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(12));
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
