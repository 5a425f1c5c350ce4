import { expect, it } from "vitest";
import { createVirtualClock } from "../virtual-time/virtual-clock.ts";
import { createLifeline } from "./lifeline.ts";

it("shows a clock that is off, in whole milliseconds like a host's", async () => {
  const clock = createVirtualClock(10_000.7);
  const { clock: own } = createLifeline(clock, -2_000);
  expect(own.nowMs()).toBe(8_000);
  let wokenAtMs = 0;
  void own.sleep(50).then(() => {
    wokenAtMs = own.nowMs();
  });
  await clock.run(20_000);
  expect(wokenAtMs).toBe(8_050);
});

it("lets a dead environment wake from nothing", async () => {
  const clock = createVirtualClock(0);
  const lifeline = createLifeline(clock, 0);
  const woken: string[] = [];
  const { signal } = new AbortController();
  const note = (name: string) => () => woken.push(name);
  void lifeline.clock.sleep(10).then(note("early"));
  void lifeline.clock.sleep(100).then(note("sleep"));
  void lifeline.clock.sleep(100, signal).then(note("sleep with a signal"));
  void lifeline.outlive(clock.sleep(100)).then(note("call"));
  void lifeline
    .outlive(clock.sleep(100).then(() => Promise.reject(new Error("failed"))))
    .catch(note("failed call"));
  clock.at(50, lifeline.kill);
  await clock.run(1_000);
  expect([woken, lifeline.isAlive()]).toEqual([["early"], false]);
});
