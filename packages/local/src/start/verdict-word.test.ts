import { expect, test } from "vitest";
import { EXIT_CODES, verdictWordOf } from "./verdict-word.ts";

const BROKEN = [{ rule: "bound", what: "11 requests in flight, 10 allowed" }];

test.each([
  ["every record was judged", [], false, 5, "ok", 0],
  ["a rule was broken", BROKEN, false, 5, "broken", 1],
  ["a rule was broken before an interrupt", BROKEN, true, 5, "broken", 1],
  ["it was interrupted", [], true, 5, "interrupted", 130],
  ["it was interrupted before it accepted anything", [], true, 0, "interrupted", 130],
  ["nothing was accepted", [], false, 0, "nothing-accepted", 2],
] as const)("where %s", (_, broken, isInterrupted, accepted, word, exitCode) => {
  const verdict = verdictWordOf({ verdict: { broken }, isInterrupted, enqueued: { accepted } });
  expect(verdict).toBe(word);
  expect(EXIT_CODES[verdict]).toBe(exitCode);
});
