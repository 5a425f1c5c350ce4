import { availableParallelism } from "node:os";
import { expect, test } from "vitest";
import type { DayAnswer, DayRequest } from "../../packages/sim/src/days/command/day-request.ts";
import { replayCommand } from "../../packages/sim/src/days/command/print.ts";
import { runOnThreads } from "../../packages/sim/src/threads/thread-pool.ts";

const SEEDS = 120;
const BODY = new URL("../../packages/sim/src/days/command/thread.ts", import.meta.url);
/** Four minutes on two cores are the plan; a machine that is busy otherwise gets its time. */
const TIMEOUT_MS = 30 * 60_000;

test("every rule holds on days that nobody thought of", { timeout: TIMEOUT_MS }, async () => {
  const requests = Array.from(
    { length: SEEDS },
    (_, at): DayRequest => ({ kind: "run", seed: at + 1, without: [] }),
  );
  const breaches: string[] = [];
  let dayCount = 0;
  await runOnThreads<DayRequest, DayAnswer>(requests, {
    body: BODY,
    threadCount: availableParallelism(),
    signal: new AbortController().signal,
    onEnd(_, answer) {
      if (answer.kind !== "ran") return;
      dayCount += 1;
      for (const { rule, what } of answer.report.violations) {
        breaches.push(`${rule}: ${what} (${replayCommand(answer.story.seed, rule)})`);
      }
    },
  });
  expect(breaches).toEqual([]);
  expect(dayCount).toBe(SEEDS);
});
