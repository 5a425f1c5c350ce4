import { LAMBDA_INIT_MAX_MS } from "@sluice/core/aws-bounds";
import type { Clock } from "@sluice/core/ports";
import type { BootstrapMessage } from "./bootstrap-protocol.ts";
import type { Thread, ThreadExit } from "./bootstrap-thread.ts";

/** The end of a call. In all but `answered` and `threw` the environment is gone. Payloads are JSON text. */
export type CallEnd =
  | { readonly kind: "answered"; readonly payload: string }
  | { readonly kind: "threw"; readonly payload: string }
  | { readonly kind: "crashed"; readonly payload: string }
  | { readonly kind: "init-failed"; readonly payload: string }
  | { readonly kind: "timed-out"; readonly afterMs: number }
  | ThreadExit;

/** An execution environment: starts cold, is reused, and runs one call at a time. */
export interface ExecutionEnvironment {
  readonly id: string;
  /** Resolves when the environment is gone, for any reason. */
  readonly exited: Promise<ThreadExit>;
  /** Runs the handler once. Calls must not overlap. */
  call(requestId: string, payload: string): Promise<CallEnd>;
  kill(): Promise<void>;
}

/** Makes an execution environment of a thread that has just been started; each call is ended after `timeoutMs`. */
export function createExecutionEnvironment(
  id: string,
  thread: Thread,
  clock: Clock,
  timeoutMs: number,
): ExecutionEnvironment {
  const init = within(clock, LAMBDA_INIT_MAX_MS, thread.next());

  async function call(requestId: string, payload: string): Promise<CallEnd> {
    const start = await init;
    if (start.kind !== "ready") return end(start);
    const message = thread.next();
    thread.post({ requestId, payload, deadlineAtMs: clock.nowMs() + timeoutMs });
    return end(await within(clock, timeoutMs, message));
  }

  /** Hands over the end of a call; where it is the environment's end, only once nothing of the call can go on. */
  async function end(reached: Reached): Promise<CallEnd> {
    if (reached.kind === "ready") throw new TypeError(`Environment ${id} answered a call with ready`);
    if (reached.kind === "timed-out" || reached.kind === "init-failed") await thread.terminate();
    if (reached.kind === "crashed") await thread.exited;
    return reached;
  }

  return { id, exited: thread.exited, call, kill: thread.terminate };
}

type Reached = BootstrapMessage | ThreadExit | { readonly kind: "timed-out"; readonly afterMs: number };

async function within(clock: Clock, limitMs: number, next: Promise<Reached>): Promise<Reached> {
  const reached = new AbortController();
  const timeout = clock.sleep(limitMs, reached.signal);
  try {
    return await Promise.race([next, timeout.then(() => ({ kind: "timed-out", afterMs: limitMs }) as const)]);
  } finally {
    reached.abort();
  }
}
