import { EventEmitter } from "node:events";
import { setImmediate } from "node:timers/promises";
import type { Clock } from "@sluice/core/ports";
import { expect, test, vi } from "vitest";
import type { FunctionSettings } from "../lambda/function-settings.ts";
import { createTroubleDial } from "../provider-simulator/trouble-dial.ts";
import type { Keyboard } from "./keyboard.ts";
import { startTroubleMaker, type TroubleMaker, troubleDialFor } from "./trouble-maker.ts";

const WORKER: FunctionSettings = {
  name: "worker",
  bundlePath: "/worker.mjs",
  timeoutMs: 1_000,
  memoryMb: 128,
  environment: { PROVIDER_BASE_URL: "http://provider", SLOW_PERCENTAGE: "0", ERROR_PERCENTAGE: "0" },
};

test("keys turn the dial, and the worker is deployed once with what came of them, all else as it was", async () => {
  const harness = setUp();
  harness.keyboard.emit("data", "s");
  harness.keyboard.emit("data", "ee");
  expect(harness.dial.current()).toEqual({ slowPercentage: 10, errorPercentage: 20 });
  expect(harness.deployed).toEqual([]);
  await harness.letTimePass();
  expect(harness.deployed).toEqual([
    {
      ...WORKER,
      environment: { PROVIDER_BASE_URL: "http://provider", SLOW_PERCENTAGE: "10", ERROR_PERCENTAGE: "20" },
    },
  ]);
});

test("each later change is deployed too, wherever it comes from", async () => {
  const harness = setUp();
  harness.keyboard.emit("data", "s");
  await harness.letTimePass();
  harness.dial.turn({ slowPercentage: 0, errorPercentage: 33 });
  await harness.letTimePass();
  expect(harness.deployed.map(({ environment }) => environment.ERROR_PERCENTAGE)).toEqual(["0", "33"]);
});

test("what changes nothing is not deployed", async () => {
  const harness = setUp();
  harness.keyboard.emit("data", "S0x");
  await harness.letTimePass();
  expect(harness.deployed).toEqual([]);
});

test("each quit key is handed on", () => {
  const harness = setUp();
  harness.keyboard.emit("data", "q");
  harness.keyboard.emit("data", "\u0003");
  expect(harness.onQuit).toHaveBeenCalledTimes(2);
});

test("stop gives the terminal back and drops what is not deployed yet", async () => {
  const harness = setUp();
  expect(harness.rawModes).toEqual([true]);
  harness.keyboard.emit("data", "s");
  harness.maker.stop();
  expect(harness.rawModes).toEqual([true, false]);
  expect(harness.keyboard.listenerCount("data")).toBe(0);
  harness.dial.turn({ slowPercentage: 50, errorPercentage: 50 });
  await harness.letTimePass();
  expect(harness.deployed).toEqual([]);
});

test("without a terminal there are no keys, but the dial is still obeyed", async () => {
  const harness = setUp({ isTTY: false });
  expect(harness.maker.hasKeys).toBe(false);
  expect(harness.rawModes).toEqual([]);
  harness.keyboard.emit("data", "s");
  harness.dial.turn({ slowPercentage: 20, errorPercentage: 0 });
  await harness.letTimePass();
  expect(harness.deployed.map(({ environment }) => environment.SLOW_PERCENTAGE)).toEqual(["20"]);
  harness.maker.stop();
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
  readonly keyboard: EventEmitter;
  readonly rawModes: boolean[];
  readonly deployed: FunctionSettings[];
  readonly onQuit: ReturnType<typeof vi.fn>;
  letTimePass(): Promise<void>;
}

function setUp({ isTTY = true } = {}): Harness {
  const deployed: FunctionSettings[] = [];
  const rawModes: boolean[] = [];
  const wakers: (() => void)[] = [];
  const clock: Clock = {
    nowMs: () => 0,
    sleep: (_durationMs, signal) =>
      new Promise((resolve) => {
        wakers.push(resolve);
        signal?.addEventListener("abort", () => resolve());
      }),
  };
  const keyboard = Object.assign(new EventEmitter(), {
    isTTY,
    setRawMode: (isRaw: boolean) => rawModes.push(isRaw),
    setEncoding: () => {},
    resume: () => {},
    pause: () => {},
  });
  const dial = createTroubleDial({ slowPercentage: 0, errorPercentage: 0 });
  const onQuit = vi.fn();
  const maker = startTroubleMaker({
    dial,
    lambda: { find: () => deployed.at(-1) ?? WORKER, deploy: (settings) => deployed.push(settings) },
    workerName: "worker",
    clock,
    keyboard: keyboard satisfies Keyboard,
    onQuit,
  });
  return {
    maker,
    dial,
    keyboard,
    rawModes,
    deployed,
    onQuit,
    async letTimePass() {
      for (const wake of wakers.splice(0)) wake();
      await setImmediate();
    },
  };
}
