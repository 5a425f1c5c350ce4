import { expect, test } from "vitest";
import { replayCommand } from "../../packages/sim/src/days/command/print.ts";
import { runDays } from "./run-days.ts";

const SEEDS = 120;
/** Four minutes on two cores are the plan; a machine that is busy otherwise gets its time. */
const TIMEOUT_MS = 30 * 60_000;

test("every rule holds on days that nobody thought of", { timeout: TIMEOUT_MS }, async () => {
  const requests = Array.from({ length: SEEDS }, (_, at) => ({
    kind: "run" as const,
    seed: at + 1,
    without: [],
  }));
  const breaches: string[] = [];
  let dayCount = 0;
  await runDays(requests, ({ story, report }) => {
    dayCount += 1;
    for (const { rule, what } of report.violations) {
      breaches.push(`${rule}: ${what} (${replayCommand(story.seed, rule)})`);
    }
  });
  expect(breaches).toEqual([]);
  expect(dayCount).toBe(SEEDS);
});
