import { createFakeClock } from "@sluice/testing/fake-clock";
import { expect, test, vi } from "vitest";
import type { BootstrapMessage } from "./bootstrap-protocol.ts";
import type { Thread, ThreadExit } from "./bootstrap-thread.ts";
import { createExecutionEnvironment } from "./execution-environment.ts";

const TIMEOUT_MS = 3_000;

/** An environment on a clock that the test moves; what its thread says is the test's, too. */
function startEnvironment() {
  const clock = createFakeClock();
  const awaited: ((message: BootstrapMessage) => void)[] = [];
  const terminate = vi.fn(async () => {});
  const thread: Thread = {
    exited: new Promise<ThreadExit>(() => {}),
    next: () => new Promise((resolve) => void awaited.push(resolve)),
    post: vi.fn(),
    terminate,
  };
  const environment = createExecutionEnvironment("id", thread, clock, TIMEOUT_MS);
  const say = (message: BootstrapMessage) => awaited.shift()?.(message);
  return { clock, thread, environment, say, terminate };
}

test("one that is not ready within ten seconds is ended, and its call with it", async () => {
  const { clock, thread, environment, terminate } = startEnvironment();
  let hasEnded = false;
  const call = environment.call("request", "{}").finally(() => {
    hasEnded = true;
  });
  clock.advance(9_999);
  await new Promise(setImmediate);
  expect([hasEnded, terminate.mock.calls.length]).toEqual([false, 0]);
  clock.advance(1);
  await vi.waitFor(() => expect(hasEnded).toBe(true));
  expect(await call).toEqual({ kind: "timed-out", afterMs: 10_000 });
  expect(terminate).toHaveBeenCalledOnce();
  expect(thread.post).not.toHaveBeenCalled();
});

test("the time that it takes to be ready is none of its call's", async () => {
  const { clock, thread, environment, say, terminate } = startEnvironment();
  const call = environment.call("request", "{}");
  clock.advance(9_000);
  say({ kind: "ready" });
  await vi.waitFor(() => expect(thread.post).toHaveBeenCalledOnce());
  expect(thread.post).toHaveBeenCalledWith({
    requestId: "request",
    payload: "{}",
    deadlineAtMs: clock.nowMs() + TIMEOUT_MS,
  });
  clock.advance(TIMEOUT_MS - 1);
  say({ kind: "answered", payload: "1" });
  expect(await call).toEqual({ kind: "answered", payload: "1" });
  expect(terminate).not.toHaveBeenCalled();
});
