import { parseEnvironment } from "@sluice/core/deployment";
import type { VirtualClock } from "@sluice/sim/virtual-time";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { EXIT, runVerify } from "./command.ts";
import { fakeSurroundings } from "./fakes/fake-surroundings.ts";
import { openSimulatedAccount } from "./fakes/simulated-account.ts";
import { wholeAccount } from "./fakes/whole-account.ts";
import { parseVerifyOptions } from "./options.ts";
import type { Account } from "./ports/account.ts";
import { runNamesOf } from "./run-names.ts";
import { AWS_TIMING } from "./timing.ts";

const PLACE = { accountId: "000000000000", region: "us-east-1" };
/** Of calls that are under way, which can't be called off, and of removing all. */
const ENDS_WITHIN_MS = 60_000;
const REMOVED_WITHIN_MS = 30_000;

/** Runs all of it in an account on virtual time, and interrupts it so long after its start. */
async function runInterrupted(
  afterMs: number,
  change: (account: Account, clock: VirtualClock) => Account = (account) => account,
) {
  const aws = openSimulatedAccount({ transitionMs: () => 30_000 });
  const { clock, passing } = aws;
  const { account, existing } = wholeAccount(clock, aws.account);
  const interruption = new AbortController();
  const surroundings = fakeSurroundings({ clock, interrupt: interruption.signal });
  const startedAtMs = clock.nowMs();
  let existedThen = 0;
  async function interrupt(): Promise<void> {
    await clock.sleep(afterMs);
    existedThen = existing.size;
    interruption.abort();
  }
  const deps = {
    environment: parseEnvironment(PLACE, "trial", "environments/trial.json"),
    account: change(account, clock),
    names: runNamesOf("0a1b2c3d"),
    timing: AWS_TIMING,
    surroundings,
  };
  const options = parseVerifyOptions(["--environment", "trial", "--yes"]);
  const outcome = await passing(() => Promise.all([runVerify(deps, options), interrupt()])).then(
    ([code]) => code,
    (thrown: unknown) => thrown,
  );
  const endedAtMs = clock.nowMs();
  // Whatever was still under way, against all rules, ends by now.
  await clock.run(endedAtMs + ENDS_WITHIN_MS);
  const told = surroundings.told.join("\n");
  return { outcome, told, existing: [...existing], existedThen, endedAtMs, tookMs: endedAtMs - startedAtMs };
}

test("interrupted at any instant, with however many calls under way, it leaves nothing", async () => {
  const whileMaking = fc.integer({ min: 0, max: 45_000 });
  const whileMeasuring = fc.integer({ min: 45_000, max: 420_000 });
  await fc.assert(
    fc.asyncProperty(fc.oneof({ weight: 3, arbitrary: whileMaking }, whileMeasuring), async (afterMs) => {
      const { outcome, existing, told, tookMs } = await runInterrupted(afterMs);
      expect(outcome, told).toBe(EXIT.interrupted);
      expect(existing).toEqual([]);
      expect(tookMs - afterMs).toBeLessThan(ENDS_WITHIN_MS);
    }),
    { numRuns: 25 },
  );
});

test("it has many things to remove in the middle of rounds side by side", async () => {
  const { existedThen, existing } = await runInterrupted(240_000);
  expect(existedThen).toBeGreaterThan(20);
  expect(existing).toEqual([]);
});

test("a bug in one measurement ends those beside it, and leaves nothing", async () => {
  let failedAtMs = 0;
  const { outcome, existing, told, endedAtMs } = await runInterrupted(600_000, (account, clock) => {
    async function hide(): Promise<never> {
      failedAtMs = clock.nowMs();
      throw new TypeError("a bug");
    }
    return { ...account, queues: { ...account.queues, hide } };
  });
  expect(outcome).toBeInstanceOf(TypeError);
  expect(told).toContain("under way: group-lock, control-plane;");
  expect(endedAtMs - failedAtMs).toBeLessThan(REMOVED_WITHIN_MS);
  expect(existing).toEqual([]);
});
