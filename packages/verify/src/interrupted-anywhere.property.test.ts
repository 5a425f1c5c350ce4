import { parseEnvironment } from "@sluice/core/deployment";
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
const ENDS_WITHIN_MS = 60_000;

/** Runs all of it, and interrupts it so long after its start; a call fails by a bug meanwhile if `change` says so. */
async function runInterrupted(afterMs: number, change: (account: Account) => Account = (account) => account) {
  const aws = openSimulatedAccount({ transitionMs: () => 30_000 });
  const { clock, passing } = aws;
  const { account, existing } = wholeAccount(clock, aws.account);
  const interruption = new AbortController();
  const surroundings = fakeSurroundings({ clock, interrupt: interruption.signal });
  const mostAtOnce = { count: 0 };
  const startedAtMs = clock.nowMs();
  const interrupt = async () => {
    await clock.sleep(afterMs);
    mostAtOnce.count = existing.size;
    interruption.abort();
  };
  const deps = {
    environment: parseEnvironment(PLACE, "trial", "environments/trial.json"),
    account: change(account),
    names: runNamesOf("0a1b2c3d"),
    timing: AWS_TIMING,
    surroundings,
  };
  const options = parseVerifyOptions(["--environment", "trial", "--yes"]);
  const run = () => Promise.all([runVerify(deps, options), interrupt()]);
  const outcome = await passing(run).then(
    ([code]) => code,
    (thrown: unknown) => thrown,
  );
  const told = surroundings.told.join("\n");
  return {
    outcome,
    existing: [...existing],
    told,
    existedThen: mostAtOnce.count,
    tookMs: clock.nowMs() - startedAtMs,
  };
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
  const { outcome, existing, told } = await runInterrupted(600_000, (account) => ({
    ...account,
    queues: {
      ...account.queues,
      hide: async () => {
        throw new TypeError("a bug");
      },
    },
  }));
  expect(outcome).toBeInstanceOf(TypeError);
  expect(told).toContain("control-plane: updates a disabled mapping");
  expect(told).not.toContain("clock-skew: asks");
  expect(existing).toEqual([]);
});
