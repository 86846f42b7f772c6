// One way to call the endpoint, and one kind of failure.
//
// A failure carries a closed code, for which the screens hold a sentence; what
// exactly went wrong is for the endpoint's log. Two codes are the console's
// own: no answer came, or an answer came that is not the endpoint's.
import type { ProblemCode } from "@generated/ProblemCode";

/** Longest wait for an answer, in milliseconds. */
const PATIENCE_MS = 20_000;

export type FailureCode = ProblemCode | "unreachable" | "unreadable";

/** A call that did not do what was asked. */
export class CallFailure extends Error {
  constructor(
    readonly code: FailureCode,
    /** HTTP status; 0 when no answer came. */
    readonly status: number,
    /** The answer's body, where it had one. */
    readonly body: unknown = null,
  ) {
    super(code);
  }
}

/** The code of anything that was thrown. */
export function codeOf(cause: unknown): FailureCode {
  return cause instanceof CallFailure ? cause.code : "unreadable";
}

export interface Call {
  method?: "GET" | "POST" | "DELETE";
  /** Sent as JSON. */
  body?: unknown;
  ifMatch?: string;
  signal?: AbortSignal;
  /** Shown instead of a session. */
  token?: string;
  /** How long an answer may take, in milliseconds. */
  patienceMs?: number;
}

let signedOut: () => void = () => undefined;

/** Sets what happens when a call finds that nobody is signed in any more. */
export function whenSignedOut(handler: () => void): void {
  signedOut = handler;
}

/** The answer's body as `T`; `null` when it has none (204). */
export async function call<T>(path: string, how: Call = {}): Promise<T> {
  const answer = await send(path, how);
  const body = await read(answer);
  if (answer.ok) return body as T;
  const failure = new CallFailure(problemCode(body), answer.status, body);
  if (failure.code === "not_signed_in") signedOut();
  throw failure;
}

async function send(path: string, how: Call): Promise<Response> {
  const patience = AbortSignal.timeout(how.patienceMs ?? PATIENCE_MS);
  const headers: Record<string, string> = { Accept: "application/json" };
  if (how.body !== undefined) headers["Content-Type"] = "application/json";
  if (how.token !== undefined) headers["Authorization"] = `Bearer ${how.token}`;
  if (how.ifMatch !== undefined) headers["If-Match"] = how.ifMatch;
  try {
    return await fetch(path, {
      method: how.method ?? "GET",
      headers,
      body: how.body === undefined ? null : JSON.stringify(how.body),
      signal: how.signal ? AbortSignal.any([how.signal, patience]) : patience,
      credentials: how.token === undefined ? "same-origin" : "omit",
      cache: "no-store",
    });
  } catch (cause) {
    if (how.signal?.aborted) throw cause;
    throw new CallFailure("unreachable", 0);
  }
}

async function read(answer: Response): Promise<unknown> {
  let text: string;
  try {
    text = await answer.text();
  } catch {
    throw new CallFailure("unreachable", answer.status);
  }
  if (text === "") return null;
  try {
    return JSON.parse(text);
  } catch {
    throw new CallFailure("unreadable", answer.status);
  }
}

function problemCode(body: unknown): FailureCode {
  const code = typeof body === "object" && body !== null && "code" in body ? body.code : null;
  return typeof code === "string" ? (code as ProblemCode) : "unreadable";
}
