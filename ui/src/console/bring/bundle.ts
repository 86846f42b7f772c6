// Bringing a bundle to the endpoint, and what became of it.
//
// An upload of many megabytes shows how far it is, which `fetch` cannot.
import type { BundleAnswer } from "@generated/BundleAnswer";
import type { Problem } from "@generated/Problem";
import type { ProblemCode } from "@generated/ProblemCode";
import type { RevisionResult } from "@generated/RevisionResult";
import { CallFailure } from "../api/http";

/** Longest silence of the endpoint while it takes a bundle in, in milliseconds. */
const PATIENCE_MS = 10 * 60_000;

/** What became of one entry. */
export type Entry = Pick<RevisionResult, "status" | "problem">;

/** How many of a kind there are. */
export interface Tally {
  stored: number;
  known: number;
  refused: number;
}

/** Those that a coordinator may let in later. */
const KEPT: readonly string[] = ["not_assigned", "window_closed", "device_revoked"];

export function tally(entries: Entry[]): Tally {
  const sum: Tally = { stored: 0, known: 0, refused: 0 };
  for (const { status } of entries) sum[status] += 1;
  return sum;
}

/** Whether something is kept for a coordinator to let in. */
export function hasKept(brought: BundleAnswer): boolean {
  return brought.results.some(({ problem }) => KEPT.includes(problem?.code ?? ""));
}

/** Sends a file; `onsent` hears which part of it, from 0 to 1, is on its way. */
export function bring(file: Blob, onsent: (part: number) => void): Promise<BundleAnswer> {
  return new Promise((done, failed) => {
    const request = new XMLHttpRequest();
    request.open("POST", "/v1/bundles");
    request.timeout = PATIENCE_MS;
    request.setRequestHeader("Content-Type", "application/zip");
    request.setRequestHeader("Accept", "application/json");
    request.upload.onprogress = ({ loaded, total }) => onsent(total > 0 ? loaded / total : 0);
    request.upload.onload = () => onsent(1);
    const unreachable = () => failed(new CallFailure("unreachable", 0));
    request.onerror = unreachable;
    request.ontimeout = unreachable;
    request.onload = () => {
      try {
        done(read(request.status, request.responseText));
      } catch (cause) {
        failed(cause);
      }
    };
    request.send(file);
  });
}

/** The answer in a body, or a failure. */
export function read(status: number, text: string): BundleAnswer {
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    throw new CallFailure("unreadable", status);
  }
  if (status === 200 && isBrought(body)) return body;
  const code = (body as Partial<Problem> | null)?.code;
  throw new CallFailure((code as ProblemCode | undefined) ?? "unreadable", status, body);
}

function isBrought(body: unknown): body is BundleAnswer {
  const both = body as Partial<BundleAnswer> | null;
  return Array.isArray(both?.results) && Array.isArray(both.photos);
}
