import { expect, test, vi } from "vitest";
import type { ThreadExit } from "./bootstrap-thread.ts";
import type { CallEnd, ExecutionEnvironment } from "./execution-environment.ts";
import { createExecutionEnvironmentPool } from "./execution-environment-pool.ts";
import { createFunctionCounters } from "./function-stats.ts";

/** A pool of environments `1`, `2` and so on, whose calls end when the test says so. */
function startPool() {
  const calls: { readonly environmentId: string; end(): void }[] = [];
  const killed: string[] = [];
  let startCount = 0;

  function start(): ExecutionEnvironment {
    startCount += 1;
    const id = String(startCount);
    const exit = Promise.withResolvers<ThreadExit>();
    return {
      id,
      exited: exit.promise,
      call: () =>
        new Promise<CallEnd>((resolve) => {
          calls.push({ environmentId: id, end: () => resolve({ kind: "answered", payload: "null" }) });
        }),
      async kill() {
        killed.push(id);
        exit.resolve({ kind: "exited", reason: "killed", wasTerminated: true });
      },
    };
  }

  const concurrencyMax = Number.POSITIVE_INFINITY;
  const pool = createExecutionEnvironmentPool({ counters: createFunctionCounters(), start, concurrencyMax });
  const run = () => pool.run("request", "{}");
  return { pool, run, calls, killed };
}

test("the environment that was the last to become idle is the first to be used again", async () => {
  const { run, calls } = startPool();
  const runs = [run(), run(), run()];
  for (const at of [1, 2, 0]) {
    calls[at]?.end();
    await runs[at];
  }
  void run();
  void run();
  void run();
  void run();
  expect(calls.slice(3).map(({ environmentId }) => environmentId)).toEqual(["1", "3", "2", "4"]);
});

test("retiring kills the idle environments at once, and a busy one when its call has ended", async () => {
  const { pool, run, calls, killed } = startPool();
  const [idle, busy] = [run(), run()];
  calls[0]?.end();
  await idle;
  await pool.retire();
  expect(killed).toEqual(["1"]);
  calls[1]?.end();
  expect(await busy).toMatchObject({ kind: "answered" });
  expect(killed).toEqual(["1", "2"]);
  await vi.waitFor(() => expect(pool.environmentCount()).toBe(0));
});

test("an environment stays after its call as long as its version does", async () => {
  const { pool, run, calls, killed } = startPool();
  const only = run();
  calls[0]?.end();
  await only;
  expect([killed, pool.environmentCount(), pool.runningCount()]).toEqual([[], 1, 0]);
});
