import { EventEmitter } from "node:events";
import { setImmediate } from "node:timers/promises";
import type { Clock } from "@sluice/core/ports/clock";
import { expect, test, vi } from "vitest";
import type { FunctionSettings } from "../lambda/function-settings.ts";
import { createTroubleDial } from "../provider-simulator/trouble.ts";
import type { Keyboard } from "./keyboard.ts";
import { startTrouble, type TroubleMaker, troubleDialFor } from "./trouble.ts";

const WORKER: FunctionSettings = {
  name: "worker",
  bundlePath: "/worker.mjs",
  timeoutMs: 1_000,
  memoryMb: 128,
  environment: { PROVIDER_BASE_URL: "http://provider", SLOW_PERCENTAGE: "0", ERROR_PERCENTAGE: "0" },
};

test("keys turn the dial, and the worker is deployed once with what came of them, all else as it was", async () => {
  const rig = setUp();
  rig.keyboard.emit("data", "s");
  rig.keyboard.emit("data", "ee");
  expect(rig.dial.current()).toEqual({ slowPercentage: 10, errorPercentage: 20 });
  expect(rig.deployed).toEqual([]);
  await rig.letTimePass();
  expect(rig.deployed).toEqual([
    {
      ...WORKER,
      environment: { PROVIDER_BASE_URL: "http://provider", SLOW_PERCENTAGE: "10", ERROR_PERCENTAGE: "20" },
    },
  ]);
});

test("each later change is deployed too, wherever it comes from", async () => {
  const rig = setUp();
  rig.keyboard.emit("data", "s");
  await rig.letTimePass();
  rig.dial.turn({ slowPercentage: 0, errorPercentage: 33 });
  await rig.letTimePass();
  expect(rig.deployed.map(({ environment }) => environment.ERROR_PERCENTAGE)).toEqual(["0", "33"]);
});

test("what changes nothing is not deployed", async () => {
  const rig = setUp();
  rig.keyboard.emit("data", "S0x");
  await rig.letTimePass();
  expect(rig.deployed).toEqual([]);
});

test("each quit key is handed on", () => {
  const rig = setUp();
  rig.keyboard.emit("data", "q");
  rig.keyboard.emit("data", "\u0003");
  expect(rig.onQuit).toHaveBeenCalledTimes(2);
});

test("stop gives the terminal back and drops what is not deployed yet", async () => {
  const rig = setUp();
  expect(rig.rawModes).toEqual([true]);
  rig.keyboard.emit("data", "s");
  rig.maker.stop();
  expect(rig.rawModes).toEqual([true, false]);
  expect(rig.keyboard.listenerCount("data")).toBe(0);
  rig.dial.turn({ slowPercentage: 50, errorPercentage: 50 });
  await rig.letTimePass();
  expect(rig.deployed).toEqual([]);
});

test("without a terminal there are no keys, but the dial is still obeyed", async () => {
  const rig = setUp({ isTTY: false });
  expect(rig.maker.hasKeys).toBe(false);
  expect(rig.rawModes).toEqual([]);
  rig.keyboard.emit("data", "s");
  rig.dial.turn({ slowPercentage: 20, errorPercentage: 0 });
  await rig.letTimePass();
  expect(rig.deployed.map(({ environment }) => environment.SLOW_PERCENTAGE)).toEqual(["20"]);
  rig.maker.stop();
});

test("only a worker that knows both variables has a dial", () => {
  expect(troubleDialFor({ SLOW_PERCENTAGE: "5", ERROR_PERCENTAGE: "0" })?.current()).toEqual({
    slowPercentage: 5,
    errorPercentage: 0,
  });
  expect(troubleDialFor({ SLOW_PERCENTAGE: "5" })).toBeUndefined();
  expect(troubleDialFor({})).toBeUndefined();
});

interface Rig {
  readonly maker: TroubleMaker;
  readonly dial: ReturnType<typeof createTroubleDial>;
  readonly keyboard: EventEmitter;
  readonly rawModes: boolean[];
  readonly deployed: FunctionSettings[];
  readonly onQuit: ReturnType<typeof vi.fn>;
  letTimePass(): Promise<void>;
}

function setUp({ isTTY = true } = {}): Rig {
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
  const maker = startTrouble({
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
