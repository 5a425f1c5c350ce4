import { createFakeClock } from "@sluice/testing/fake-clock";
import { expect, test } from "vitest";
import { Unreachable } from "../errors.ts";
import { createTimeLimit } from "./time-limit.ts";

const never = (): Promise<never> => new Promise(() => {});

test("a call that ends in time is answered as it was", async () => {
  const clock = createFakeClock(0);
  const limit = createTimeLimit(clock, 1_000);
  expect(await limit.keep("the table", Promise.resolve("row"))).toBe("row");
  expect(await limit.keep("the table", Promise.resolve(undefined))).toBeUndefined();
  const error = new TypeError("not a row");
  await expect(limit.keep("the table", Promise.reject(error))).rejects.toBe(error);
  expect(clock.nowMs()).toBe(0);
});

test("a call that does not end is unreachable at the limit, not before", async () => {
  const clock = createFakeClock(0);
  const limit = createTimeLimit(clock, 1_000);
  let thrown: unknown;
  const kept = limit.keep("the table", never()).catch((error: unknown) => {
    thrown = error;
  });
  clock.advance(999);
  await new Promise(setImmediate);
  expect(thrown).toBeUndefined();
  clock.advance(1);
  await kept;
  expect(thrown).toBeInstanceOf(Unreachable);
  expect(thrown).toHaveProperty("message", "the table is unreachable: no answer in time");
});

test("a call that fails after the limit fails unheard", async () => {
  const clock = createFakeClock(0);
  const limit = createTimeLimit(clock, 1_000);
  const call = Promise.withResolvers<never>();
  const kept = limit.keep("the table", call.promise);
  clock.advance(1_000);
  await expect(kept).rejects.toBeInstanceOf(Unreachable);
  call.reject(new TypeError("too late"));
  await new Promise(setImmediate);
});

test("a port keeps the limit in each of its calls, and stays what it is otherwise", async () => {
  const clock = createFakeClock(0);
  const limit = createTimeLimit(clock, 1_000);
  const port = { read: never, name: "records", size: () => 3, list: async function* () {} };
  const kept = limit.keepPort("the table", port);
  expect([kept.name, kept.size(), await Array.fromAsync(kept.list())]).toEqual(["records", 3, []]);
  const read = kept.read();
  clock.advance(1_000);
  await expect(read).rejects.toBeInstanceOf(Unreachable);
});

test("a limit that has passed leaves no time", async () => {
  const clock = createFakeClock(5_000);
  await expect(createTimeLimit(clock, 1_000).keep("the table", never())).rejects.toBeInstanceOf(Unreachable);
});

test("a limit that is called off leaves no timer behind", async () => {
  const signals: (AbortSignal | undefined)[] = [];
  const clock = {
    nowMs: () => 0,
    sleep: (_: number, signal?: AbortSignal) => {
      signals.push(signal);
      return never();
    },
  };
  createTimeLimit(clock, 1_000).end();
  expect(signals.map((signal) => signal?.aborted)).toEqual([true]);
});
