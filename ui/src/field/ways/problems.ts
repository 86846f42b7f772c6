// Why something handed over could not be taken in, and what to do.
import type { ImportProblem } from "@generated/ImportProblem";
import type { Advice } from "../strings";
import { ways } from "./index";

export function importAdvice(code: ImportProblem): Advice {
  return ways.t.problems[code] ?? ways.t.problems.damaged;
}
