import { describe, expect, test } from "vitest";
import { createRefusedLevels, workingMs } from "./refused-levels.ts";

const WAIT_MS = 300_000;

/** The levels after calls that were refused with a wait, each begun beside so many others. */
function levelsAfter(...refusals: readonly (readonly [atMs: number, inFlightCount: number])[]) {
  const refused = createRefusedLevels();
  for (const [index, [atMs, inFlightCount]] of refusals.entries()) {
    const names = { recordId: "a", attemptId: `v.${index}` };
    refused.see({ kind: "started", ...names, inFlightCount, capacityCount: 0 }, atMs - 1);
    refused.see({ kind: "ended", ...names, status: 429, retryAfterMs: WAIT_MS }, atMs);
  }
  return refused.list().map(({ level, untilMs }) => [level, untilMs]);
}

describe("a level that was refused with a wait", () => {
  test("is the highest of the calls that were refused together, and is left alone for nine waits", () => {
    expect(levelsAfter([1_000, 3], [2_000, 5], [3_000, 4])).toEqual([[5, 3_000 + 9 * WAIT_MS]]);
  });

  test("is another one once the wait is over", () => {
    const againMs = WAIT_MS + 1_001;
    expect(levelsAfter([1_000, 5], [againMs, 3])).toEqual([
      [5, 1_000 + 9 * WAIT_MS],
      [3, againMs + 9 * WAIT_MS],
    ]);
  });
});

describe("work", () => {
  test("takes as long as X allows", () => {
    expect(workingMs(60_000, 4, [], 0)).toBe(15_000);
    expect(workingMs(60_000, 4, [{ level: 2, untilMs: 0 }], 0)).toBe(15_000);
  });

  test("is done one below a refused level while that may be left alone, and with all of X from then on", () => {
    expect(workingMs(60_000, 4, [{ level: 2, untilMs: 20_000 }], 0)).toBe(20_000 + 10_000);
    expect(workingMs(10_000, 4, [{ level: 2, untilMs: 20_000 }], 0)).toBe(10_000);
  });

  test("goes on at one at the least, by the lowest of several levels", () => {
    const refused = [
      { level: 4, untilMs: 30_000 },
      { level: 1, untilMs: 20_000 },
    ];
    expect(workingMs(60_000, 4, refused, 0)).toBe(20_000 + 10_000 + 2_500);
  });
});
