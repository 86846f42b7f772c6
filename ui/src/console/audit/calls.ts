// The endpoint's calls for the audit, one function each.
import type { AuditAnswer } from "@generated/AuditAnswer";
import type { AuditChain } from "@generated/AuditChain";
import type { AuditExportRequest } from "@generated/AuditExportRequest";
import type { AuditFilter } from "@generated/AuditFilter";
import { download, type Downloaded, type OnProgress } from "../api/download";
import { call } from "../api/http";

/** Entries that are read at first: more than a screen holds. */
const FIRST_ENTRIES = 50;
/** Entries in each page after it. */
const PAGE_ENTRIES = 100;

export function readAudit(
  filter: AuditFilter,
  where: { before?: number; after?: number } = {},
): Promise<AuditAnswer> {
  const isFirst = where.before === undefined && where.after === undefined;
  const limit = isFirst ? FIRST_ENTRIES : PAGE_ENTRIES;
  const query = new URLSearchParams({ limit: String(limit) });
  for (const [key, value] of Object.entries({ ...filter, ...where })) {
    if (value !== undefined) query.set(key, String(value));
  }
  return call<AuditAnswer>(`/v1/audit?${query}`);
}

/** Walks the next stretch of the chain, on from what the last one ended with. */
export function walkChain(after: number, hash: string | null): Promise<AuditChain> {
  const query = new URLSearchParams({ after: String(after) });
  if (hash !== null) query.set("hash", hash);
  return call<AuditChain>(`/v1/audit/chain?${query}`);
}

export const exportAudit = (
  body: AuditExportRequest,
  onprogress: OnProgress,
  signal: AbortSignal,
): Promise<Downloaded> => download("/v1/audit/export", body, null, onprogress, signal);
