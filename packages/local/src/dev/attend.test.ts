import type { Clock, ValveSettings } from "@sluice/core/ports";
import { byLane } from "@sluice/core/provider";
import { createFakeClock, NOON_MS } from "@sluice/testing/fake-clock";
import { createScriptedValve } from "@sluice/testing/scripted-valve";
import { expect, test } from "vitest";
import { attend } from "./attend.ts";

const FLOOR = { batchSize: 1, maximumConcurrency: 2 };
const SHUT: ValveSettings = { isEnabled: false, ...FLOOR };
const OPEN: ValveSettings = { isEnabled: true, ...FLOOR };

/** A developer who comes at noon and goes `stayMs` later; `events` happen between, by milliseconds since noon. */
function createStay(stayMs: number, initial: ValveSettings = SHUT, updateMs: number = 20_000) {
  const fake = createFakeClock();
  const valves = byLane(() => createScriptedValve(fake, initial, updateMs));
  const departure = new AbortController();
  const lines: string[] = [];
  const sleepsMs: number[] = [];
  const events: { readonly afterMs: number; readonly happen: () => void }[] = [
    { afterMs: stayMs, happen: () => departure.abort() },
  ];
  const clock: Clock = {
    nowMs: fake.nowMs,
    async sleep(durationMs) {
      sleepsMs.push(durationMs);
      await fake.sleep(durationMs);
      for (const event of events.splice(0)) {
        if (fake.nowMs() - NOON_MS >= event.afterMs) event.happen();
        else events.push(event);
      }
    },
  };
  return {
    ...valves,
    lines,
    sleepsMs,
    elapsedMs: () => fake.nowMs() - NOON_MS,
    at: (afterMs: number, happen: () => void) => void events.push({ afterMs, happen }),
    run: () => attend({ valves, clock, departure: departure.signal, say: (line) => void lines.push(line) }),
  };
}

const saidOf = (lines: readonly string[], name: string) =>
  lines.flatMap((line) => (line.startsWith(`${name}: `) ? [line.slice(name.length + 2)] : []));

test("opens both mappings for as long as the developer stays, and shuts them then", async () => {
  const stay = createStay(600_000);
  expect(await stay.run()).toBe(true);
  for (const valve of [stay.records, stay.express]) {
    expect(valve.updates).toEqual([OPEN, { isEnabled: false }]);
    expect(valve.settings()).toEqual(SHUT);
  }
  for (const name of ["records", "express"]) {
    expect(saidOf(stay.lines, name)).toEqual([
      "opening",
      "waiting, AWS is enabling it",
      "open, with up to 2 batches of 1 at a time",
      "shut",
    ]);
  }
});

test("a mapping that was left open wider is narrowed", async () => {
  const stay = createStay(600_000, { isEnabled: true, batchSize: 10, maximumConcurrency: 40 });
  await stay.run();
  expect(stay.records.updates[0]).toEqual(OPEN);
});

test("a mapping that is open as it should be is left alone, and looked at every 30 s", async () => {
  const stay = createStay(600_000, OPEN);
  await stay.run();
  expect(stay.records.updates).toEqual([{ isEnabled: false }]);
  expect(new Set(stay.sleepsMs)).toEqual(new Set([30_000]));
});

test("what AWS refuses for now is asked for again each second, and told once", async () => {
  const stay = createStay(600_000);
  for (const valve of [stay.records, stay.express]) valve.hide(true);
  stay.at(5_000, () => stay.records.hide(false));
  stay.at(5_000, () => stay.express.hide(false));
  stay.express.spoilNext("throttled");
  expect(await stay.run()).toBe(true);
  expect(saidOf(stay.lines, "records").slice(0, 2)).toEqual([
    "waiting, Lambda is unreachable: told to hide",
    "opening",
  ]);
  expect(saidOf(stay.lines, "express").slice(0, 3)).toEqual([
    "waiting, Lambda is unreachable: told to hide",
    "waiting, the account's control plane is at its limit",
    "opening",
  ]);
  expect(stay.sleepsMs.slice(0, 4)).toEqual([1_000, 1_000, 1_000, 1_000]);
});

test("a mapping that does not exist yet is waited for", async () => {
  const stay = createStay(10_000);
  stay.records.remove();
  stay.at(5_000, () => stay.records.edit({}));
  await stay.run();
  expect(saidOf(stay.lines, "records").slice(0, 2)).toEqual([
    "waiting, there is no such mapping yet",
    "opening",
  ]);
});

test("a mapping that the relay has shut meanwhile is opened again", async () => {
  const stay = createStay(600_000);
  stay.at(200_000, () => stay.records.edit({ isEnabled: false }));
  await stay.run();
  expect(stay.records.updates).toEqual([OPEN, OPEN, { isEnabled: false }]);
  expect(stay.express.updates).toEqual([OPEN, { isEnabled: false }]);
  expect(saidOf(stay.lines, "records")).toContain(
    "was shut, as the relay does when nobody answers it; opening again",
  );
});

test("who goes while AWS is still opening waits until it can be shut", async () => {
  const stay = createStay(1_000);
  expect(await stay.run()).toBe(true);
  for (const valve of [stay.records, stay.express]) expect(valve.settings()).toEqual(SHUT);
  expect(stay.elapsedMs()).toBeGreaterThanOrEqual(20_000);
});

test("who goes before anything was opened leaves it shut", async () => {
  const stay = createStay(0);
  for (const valve of [stay.records, stay.express]) valve.spoilNext("busy");
  expect(await stay.run()).toBe(true);
  for (const valve of [stay.records, stay.express]) {
    expect(valve.updates).toEqual([OPEN]);
    expect(valve.settings()).toEqual(SHUT);
  }
  for (const name of ["records", "express"]) expect(saidOf(stay.lines, name).at(-1)).toBe("shut");
});

test("a shut that AWS is carrying out already is good enough", async () => {
  const stay = createStay(600_000);
  stay.at(600_000, () => void stay.records.update({ isEnabled: false }));
  expect(await stay.run()).toBe(true);
  expect(stay.records.updates).toEqual([OPEN, { isEnabled: false }]);
  expect(saidOf(stay.lines, "records").slice(-2)).toEqual([
    "open, with up to 2 batches of 1 at a time",
    "shut",
  ]);
});

test("a mapping that can't be shut is given up after 90 s, and said so; the other is shut", async () => {
  const stay = createStay(600_000);
  stay.at(600_000, () => stay.records.hide(true));
  expect(await stay.run()).toBe(false);
  expect(stay.express.settings()).toEqual(SHUT);
  expect(saidOf(stay.lines, "records").slice(-2)).toEqual([
    "not shut yet, Lambda is unreachable: told to hide",
    "still open: the relay shuts it at the next message that nobody answers",
  ]);
  expect(stay.elapsedMs()).toBeLessThan(600_000 + 60_000 + 95_000);
});

test("a shut whose answer was lost is a shut", async () => {
  const stay = createStay(600_000);
  stay.at(600_000, () => stay.records.spoilNext("lost"));
  expect(await stay.run()).toBe(true);
  expect(stay.records.settings()).toEqual(SHUT);
});
