// The shape of the tables: Indonesian says which sentences there are.
import type { Failure } from "@generated/Failure";
import type { InboxKind } from "@generated/InboxKind";
import type { ProblemCode } from "@generated/ProblemCode";
import type { TroubleCode } from "@generated/TroubleCode";
import type { id } from "./id";

/** Every sentence of the screens; what takes arguments in one language takes them in both. */
export type Words = {
  [K in keyof typeof id]: (typeof id)[K] extends string ? string : (typeof id)[K];
};

/** What happened, and what to do about it. */
export interface Advice {
  says: string;
  todo: string;
}

/** Codes of `crates/photo` (a test compares the two lists), and the device's own about photos. */
export const PHOTO_CODES = [
  "empty",
  "not_an_image",
  "heic",
  "unsupported_format",
  "truncated",
  "broken",
  "too_large",
  "too_many_pixels",
  "too_much_memory",
  "bomb",
  "encode",
  "too_many",
  "file_gone",
] as const;
export type PhotoCode = (typeof PHOTO_CODES)[number];

/** Why the database cannot be used. */
export type DatabaseCode = "from_the_future" | "not_a_database" | "damaged" | "in_use";

/** Failures that are told by their kind alone. */
export type PlainFailure = Exclude<Failure["kind"], "trouble" | "photo" | "database" | "figure">;

/** A sentence for every code that can reach the window; a missing one fails the type check. */
export interface CodeWords {
  trouble: Record<TroubleCode, Advice>;
  problem: Record<ProblemCode, Advice>;
  photo: Record<PhotoCode, Advice>;
  database: Record<DatabaseCode, Advice>;
  failure: Record<PlainFailure, Advice>;
  inbox: Record<InboxKind, string>;
}
