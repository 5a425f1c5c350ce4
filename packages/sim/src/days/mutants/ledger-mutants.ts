import { mutantsIn as at, type Mutant } from "./mutant.ts";

const CORE = "packages/core/src";

/** Deliberate faults in the ledger of runs. */
export const LEDGER_MUTANTS: readonly Mutant[] = [
  ...at(`${CORE}/runs/ledger.ts`, [
    "a message goes although its record's end could not be noted",
    "    return ended;",
    "    return [];",
  ]),
  ...at(`${CORE}/runs/parts.ts`, [
    "a run is done with one record open",
    "return markedCount(part) >= sizeOf(part, totalCount);",
    "return markedCount(part) >= sizeOf(part, totalCount) - 1;",
  ]),
  ...at(`${CORE}/runs/complete-run.ts`, [
    "nobody tells of a run again that could not be told of",
    "isAnnounced: failure === undefined",
    "isAnnounced: true",
  ]),
  ...at(`${CORE}/ventilator/no-start.ts`, [
    "a deadline is not looked at",
    "if (clock.nowMs() >= expiresAtMs) {",
    "if (clock.nowMs() < 0) {",
  ]),
  ...at(`${CORE}/runs/run-book.ts`, [
    "a run is read once",
    "clock.nowMs() - known.atMs < READING_MAX_AGE_MS",
    "clock.nowMs() >= known.atMs",
  ]),
  ...at(`${CORE}/ventilator/settle.ts`, [
    "a dead record counts as fetched",
    'return complete(ended, "dead", endedAs("dead", cause), deps);',
    'return complete(ended, "dead", endedAs("fetched"), deps);',
  ]),
];
