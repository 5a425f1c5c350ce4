import { setImmediate } from "node:timers/promises";
import type { Clock } from "@sluice/core/ports";
import { expect, test } from "vitest";
import type { FunctionSettings } from "../lambda/function-settings.ts";
import { createTroubleDial } from "../provider-simulator/trouble-dial.ts";
import type { TroubleAction } from "./keys.ts";
import { startTroubleMaker, type TroubleMaker, troubleDialFor } from "./trouble-maker.ts";

const WORKER: FunctionSettings = {
  name: "worker",
  bundlePath: "/worker.mjs",
  timeoutMs: 1_000,
  memoryMb: 128,
  environment: { PROVIDER_BASE_URL: "http://provider", SLOW_PERCENTAGE: "0", ERROR_PERCENTAGE: "0" },
};

const MORE_SLOW: TroubleAction = { kind: "change", slowBy: 10, errorBy: 0 };
const MORE_ERRORS: TroubleAction = { kind: "change", slowBy: 0, errorBy: 10 };

test("actions turn the dial, and the worker is deployed once with what came of them, all else as it was", async () => {
  const harness = setUp();
  for (const action of [MORE_SLOW, MORE_ERRORS, MORE_ERRORS]) harness.maker.act(action);
  expect(harness.dial.current()).toEqual({ slowPercentage: 10, errorPercentage: 20 });
  expect(harness.deployed).toEqual([]);
  await harness.letTimePass();
  expect(harness.deployed).toEqual([
    {
      ...WORKER,
      environment: {
        PROVIDER_BASE_URL: "http://provider",
        SLOW_PERCENTAGE: "10",
        ERROR_PERCENTAGE: "20",
        THROTTLED_PERCENTAGE: "0",
        HANGING_PERCENTAGE: "0",
      },
    },
  ]);
});

test("each later change is deployed too, wherever it comes from", async () => {
  const harness = setUp();
  harness.maker.act(MORE_SLOW);
  await harness.letTimePass();
  harness.dial.turn({ slowPercentage: 0, errorPercentage: 33 });
  await harness.letTimePass();
  expect(harness.deployed.map(({ environment }) => environment.ERROR_PERCENTAGE)).toEqual(["0", "33"]);
});

test("calls that are told to come later, or never answered, are trouble too, and end with the rest", async () => {
  const harness = setUp();
  harness.dial.turn({
    slowPercentage: 0,
    errorPercentage: 0,
    throttledPercentage: 100,
    hangingPercentage: 40,
  });
  await harness.letTimePass();
  harness.maker.act({ kind: "clear" });
  await harness.letTimePass();
  expect(harness.dial.current()).toEqual({ slowPercentage: 0, errorPercentage: 0 });
  const shares = harness.deployed.map(({ environment }) => [
    environment.THROTTLED_PERCENTAGE,
    environment.HANGING_PERCENTAGE,
  ]);
  expect(shares).toEqual([
    ["100", "40"],
    ["0", "0"],
  ]);
});

test("what changes nothing is not deployed", async () => {
  const harness = setUp();
  harness.maker.act({ kind: "change", slowBy: -10, errorBy: 0 });
  harness.maker.act({ kind: "clear" });
  await harness.letTimePass();
  expect(harness.deployed).toEqual([]);
});

test("stop drops what is not deployed yet", async () => {
  const harness = setUp();
  harness.maker.act(MORE_SLOW);
  harness.maker.stop();
  harness.dial.turn({ slowPercentage: 50, errorPercentage: 50 });
  await harness.letTimePass();
  expect(harness.deployed).toEqual([]);
});

test("only a worker that knows both variables has a dial", () => {
  expect(troubleDialFor({ SLOW_PERCENTAGE: "5", ERROR_PERCENTAGE: "0" })?.current()).toEqual({
    slowPercentage: 5,
    errorPercentage: 0,
  });
  expect(troubleDialFor({ SLOW_PERCENTAGE: "5" })).toBeUndefined();
  expect(troubleDialFor({})).toBeUndefined();
});

interface Harness {
  readonly maker: TroubleMaker;
  readonly dial: ReturnType<typeof createTroubleDial>;
  readonly deployed: FunctionSettings[];
  letTimePass(): Promise<void>;
}

function setUp(): Harness {
  const deployed: FunctionSettings[] = [];
  const wakers: (() => void)[] = [];
  const clock: Clock = {
    nowMs: () => 0,
    sleep: (_durationMs, signal) =>
      new Promise((resolve) => {
        wakers.push(resolve);
        signal?.addEventListener("abort", () => resolve());
      }),
  };
  const dial = createTroubleDial({ slowPercentage: 0, errorPercentage: 0 });
  const maker = startTroubleMaker({
    dial,
    lambda: { find: () => deployed.at(-1) ?? WORKER, deploy: (settings) => deployed.push(settings) },
    workerName: "worker",
    clock,
  });
  return {
    maker,
    dial,
    deployed,
    async letTimePass() {
      for (const wake of wakers.splice(0)) wake();
      await setImmediate();
    },
  };
}
