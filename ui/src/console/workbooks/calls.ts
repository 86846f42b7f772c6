// Files out of and into the endpoint.
//
// Exports and marked workbooks take seconds and megabytes, so both directions
// say how far they are.
import type { Problem } from "@generated/Problem";
import type { ProblemCode } from "@generated/ProblemCode";
import type { WorkbookReport } from "@generated/WorkbookReport";
import { CallFailure } from "../api/http";

/** Longest that the endpoint may take to begin its answer, in milliseconds. */
const PATIENCE_MS = 5 * 60_000;

const WORKBOOK_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

/** What one row of an export stands for. */
export type By = "tps" | "village" | "district" | "regency";
export const LEVELS: readonly By[] = ["tps", "village", "district", "regency"];
export type Kind = "xlsx" | "csv";
export const KINDS: readonly Kind[] = ["xlsx", "csv"];

/** A file, with the name that the endpoint gave it. */
export interface Made {
  blob: Blob;
  name: string;
}

/** Bytes that are here, and how many there will be. */
export type Receiving = (done: number, all: number) => void;

export const workbookPath = (region: string) => `/v1/workbooks?${new URLSearchParams({ region })}`;

export const exportPath = (contest: string, by: By, format: Kind, region: string) =>
  `/v1/export?${new URLSearchParams({ contest, by, format, region })}`;

/** Fetches a file; `onpart` hears how much of it is here. */
export async function fetchFile(path: string, onpart: Receiving, file?: Blob): Promise<Made> {
  const answer = await send(path, file);
  if (!answer.ok) throw failureIn(answer.status, await answer.text().catch(() => ""));
  const all = Number(answer.headers.get("content-length") ?? 0);
  const parts: BlobPart[] = [];
  let done = 0;
  const reader = answer.body?.getReader();
  for (;;) {
    const part = await reader?.read().catch(() => {
      throw new CallFailure("unreachable", answer.status);
    });
    if (!part || part.done) break;
    parts.push(part.value);
    done += part.value.length;
    onpart(done, Math.max(all, done));
  }
  if (all > 0 && done !== all && !answer.headers.has("content-encoding")) {
    throw new CallFailure("unreachable", answer.status);
  }
  const type = answer.headers.get("content-type") ?? "";
  const name = nameIn(answer.headers.get("content-disposition"));
  return { blob: new Blob(parts, { type }), name };
}

async function send(path: string, file?: Blob): Promise<Response> {
  try {
    return await fetch(path, {
      method: file ? "POST" : "GET",
      headers: file ? { "Content-Type": WORKBOOK_TYPE } : {},
      body: file ?? null,
      credentials: "same-origin",
      cache: "no-store",
      signal: AbortSignal.timeout(PATIENCE_MS),
    });
  } catch {
    throw new CallFailure("unreachable", 0);
  }
}

/** The name in `attachment; filename="…"`. */
export function nameIn(disposition: string | null): string {
  return /filename="([^"]+)"/.exec(disposition ?? "")?.[1] ?? "saksi";
}

/** Sends a workbook; `onsent` hears which part of it, from 0 to 1, is on its way. */
export function sendWorkbook(file: Blob, onsent: (part: number) => void): Promise<WorkbookReport> {
  return new Promise((done, failed) => {
    const request = new XMLHttpRequest();
    request.open("POST", "/v1/workbooks");
    request.timeout = PATIENCE_MS;
    request.setRequestHeader("Content-Type", WORKBOOK_TYPE);
    request.setRequestHeader("Accept", "application/json");
    request.upload.onprogress = ({ loaded, total }) => onsent(total > 0 ? loaded / total : 0);
    request.upload.onload = () => onsent(1);
    const unreachable = () => failed(new CallFailure("unreachable", 0));
    request.onerror = unreachable;
    request.ontimeout = unreachable;
    request.onload = () => {
      try {
        done(reportIn(request.status, request.responseText));
      } catch (cause) {
        failed(cause);
      }
    };
    request.send(file);
  });
}

/** The report in a body, or a failure. */
export function reportIn(status: number, text: string): WorkbookReport {
  if (status !== 200) throw failureIn(status, text);
  try {
    const body = JSON.parse(text) as WorkbookReport;
    if (Array.isArray(body.problems)) return body;
  } catch {
    // Falls through: no answer of the endpoint looks like this.
  }
  throw new CallFailure("unreadable", status);
}

function failureIn(status: number, text: string): CallFailure {
  let code: ProblemCode | undefined;
  try {
    code = (JSON.parse(text) as Partial<Problem>).code as ProblemCode | undefined;
  } catch {
    // Not the endpoint's.
  }
  return new CallFailure(code ?? "unreadable", status);
}

/** Hands a file to the browser, which saves it. */
export function save({ blob, name }: Made): void {
  const address = URL.createObjectURL(blob);
  const link = document.createElement("a");
  link.href = address;
  link.download = name;
  link.click();
  // Not at once: the browser has yet to read it.
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}
