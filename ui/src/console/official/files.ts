// Files of official figures: put together, sent, and what became of them.
//
// KPU names pairs by codes of its own in some files; the list that says which
// pair is which lies in another. Picked together they go as one.
import type { OfficialAnswer } from "@generated/OfficialAnswer";
import type { OfficialImportAnswer } from "@generated/OfficialImportAnswer";
import type { ProblemCode } from "@generated/ProblemCode";
import { call, CallFailure } from "../api/http";

/** Longest silence of the endpoint while it reads a file, in milliseconds. */
const PATIENCE_MS = 5 * 60_000;

export function readOfficial(contest: string, region: string): Promise<OfficialAnswer> {
  return call<OfficialAnswer>(`/v1/official?${new URLSearchParams({ contest, region })}`);
}

export interface NamedText {
  name: string;
  text: string;
}

/** The files to send: a list of pairs is put into each file of JSON beside it. */
export function together(files: NamedText[]): NamedText[] {
  const lists = files.filter(isListOfPairs);
  const figures = files.filter((file) => !isListOfPairs(file));
  if (lists.length === 0) return figures;
  const pairs = lists.map(({ text }) => text.trim());
  return figures.map(({ name, text }) =>
    /^\s*[[{]/.test(text)
      ? { name, text: `{"pairs":[${pairs.join(",")}],"figures":${text}}` }
      : { name, text },
  );
}

function isListOfPairs({ text }: NamedText): boolean {
  return /^\s*[[{]/.test(text) && text.includes('"nomor_urut"') && !text.includes('"figures"');
}

/** Sends one; `onsent` hears which part of it, from 0 to 1, is on its way. */
export function send(
  { name, text }: NamedText,
  contest: string,
  onsent: (part: number) => void,
): Promise<OfficialImportAnswer> {
  return new Promise((done, failed) => {
    const request = new XMLHttpRequest();
    request.open("POST", `/v1/official?${new URLSearchParams({ contest, file: name })}`);
    request.timeout = PATIENCE_MS;
    request.setRequestHeader("Content-Type", "application/octet-stream");
    request.setRequestHeader("Accept", "application/json");
    request.upload.onprogress = ({ loaded, total }) => onsent(total > 0 ? loaded / total : 0);
    request.upload.onload = () => onsent(1);
    const unreachable = () => failed(new CallFailure("unreachable", 0));
    request.onerror = unreachable;
    request.ontimeout = unreachable;
    request.onload = () => {
      try {
        done(answerIn(request.status, request.responseText));
      } catch (cause) {
        failed(cause);
      }
    };
    request.send(text);
  });
}

/** The answer in a body, or a failure. */
export function answerIn(status: number, text: string): OfficialImportAnswer {
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    throw new CallFailure("unreadable", status);
  }
  const answer = body as Partial<OfficialImportAnswer> & { code?: ProblemCode };
  if (status === 200 && Array.isArray(answer.errors)) return answer as OfficialImportAnswer;
  throw new CallFailure(answer.code ?? "unreadable", status, body);
}
