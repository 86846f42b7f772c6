// A file that the endpoint makes while it sends it, kept by the browser.
//
// `fetch` reads it piece by piece, so that one sees how far it is. A file that
// breaks off is no file: it is thrown away.
import type { ProblemCode } from "@generated/ProblemCode";
import { CallFailure } from "./http";

export interface Downloaded {
  blob: Blob;
  name: string;
}

/** How far it is: bytes that are here, and about how many will come (0: not known). */
export type OnProgress = (bytes: number, about: number) => void;

/** Asks for a file. */
export async function download(
  path: string,
  body: unknown,
  sizeHeader: string | null,
  onprogress: OnProgress,
  signal: AbortSignal,
): Promise<Downloaded> {
  const answer = await ask(path, body, signal);
  if (!answer.ok) throw await failureIn(answer);
  const about = Number(sizeHeader === null ? 0 : answer.headers.get(sizeHeader)) || 0;
  const pieces: BlobPart[] = [];
  let bytes = 0;
  const reader = answer.body?.getReader();
  if (!reader) throw new CallFailure("unreadable", answer.status);
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      pieces.push(value);
      bytes += value.byteLength;
      onprogress(bytes, about);
    }
  } catch (cause) {
    if (signal.aborted) throw cause;
    throw new CallFailure("unreachable", 0);
  }
  const type = answer.headers.get("content-type") ?? "application/octet-stream";
  return { blob: new Blob(pieces, { type }), name: nameIn(answer) };
}

async function ask(path: string, body: unknown, signal: AbortSignal): Promise<Response> {
  try {
    return await fetch(path, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(body),
      credentials: "same-origin",
      cache: "no-store",
      signal,
    });
  } catch (cause) {
    if (signal.aborted) throw cause;
    throw new CallFailure("unreachable", 0);
  }
}

async function failureIn(answer: Response): Promise<CallFailure> {
  const body: unknown = await answer.json().catch(() => null);
  const code = (body as { code?: ProblemCode } | null)?.code ?? "unreadable";
  return new CallFailure(code, answer.status, body);
}

function nameIn(answer: Response): string {
  const said = answer.headers.get("content-disposition") ?? "";
  return /filename="([^"]+)"/.exec(said)?.[1] ?? "saksi";
}

/** Hands a file to the browser to keep. */
export function keep({ blob, name }: Downloaded): void {
  const url = URL.createObjectURL(blob);
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}
