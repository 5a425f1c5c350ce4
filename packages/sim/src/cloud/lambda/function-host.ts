import type { VirtualClock } from "../../virtual-time/virtual-clock.ts";
import type { Lifeline } from "../../world/lifeline.ts";

/** The execution environments of one function: each runs one invocation at a time, and is used again. */
export interface FunctionHost<Environment extends HostedEnvironment> {
  /** Runs an invocation in a free environment or in a new one; never rejects. */
  invoke(work: (environment: Environment, deadlineAtMs: number) => Promise<string>): Promise<FunctionEnd>;
  /** Ends an environment in the middle of its work, or while it is free. */
  crash(environment: Environment): void;
  /** Lets free environments go, and busy ones when their work ends: the next invocations get new ones. */
  renew(): void;
  busy(): Iterable<Environment>;
}

/** An execution environment, wired and ready. */
export interface HostedEnvironment {
  readonly lifeline: Lifeline;
}

/** The end of an invocation: the handler's answer as JSON text, or an error as Lambda reports it. */
export type FunctionEnd =
  | { readonly kind: "answered"; readonly payload: string }
  | { readonly kind: "error"; readonly errorType: string; readonly errorMessage: string };

/** An environment that has begun, or the error with which its code failed to load. */
export type EnvironmentStart<Environment> =
  | { readonly kind: "started"; readonly environment: Environment }
  | { readonly kind: "failed"; readonly errorType: string; readonly errorMessage: string };

/** The settings of a function. */
export interface FunctionHostDeps<Environment extends HostedEnvironment> {
  readonly clock: VirtualClock;
  /** As deployed with the environment. */
  timeoutMs(environment: Environment): number;
  /** Starts the n-th environment, from 0 on. */
  start(index: number): EnvironmentStart<Environment>;
  /** Duration of the start of an environment. */
  coldStartMs(): number;
  /** Called when an environment has died at work. */
  onDeath?(environment: Environment, errorType: string): void;
}

interface Seat<Environment> {
  readonly environment: Environment;
  readonly version: number;
  end: ((end: FunctionEnd) => void) | undefined;
}

/** Starts without an environment. */
export function createFunctionHost<Environment extends HostedEnvironment>(
  deps: FunctionHostDeps<Environment>,
): FunctionHost<Environment> {
  const { clock } = deps;
  let free: Seat<Environment>[] = [];
  const busy = new Map<Environment, Seat<Environment>>();
  let version = 0;
  let startedCount = 0;

  async function invoke(
    work: (environment: Environment, deadlineAtMs: number) => Promise<string>,
  ): Promise<FunctionEnd> {
    const known = free.pop();
    if (known !== undefined) return run(known, work);
    const startedIn = version;
    await clock.sleep(deps.coldStartMs());
    const start = deps.start(startedCount);
    startedCount += 1;
    if (start.kind === "failed") return { ...start, kind: "error" };
    return run({ environment: start.environment, version: startedIn, end: undefined }, work);
  }

  function run(
    seat: Seat<Environment>,
    work: (environment: Environment, deadlineAtMs: number) => Promise<string>,
  ): Promise<FunctionEnd> {
    const { environment } = seat;
    const timeoutMs = deps.timeoutMs(environment);
    busy.set(environment, seat);
    return new Promise((resolve) => {
      const stop = clock.at(clock.nowMs() + timeoutMs, () => die(seat, "Sandbox.Timedout"));
      seat.end = (end) => {
        stop.cancel();
        seat.end = undefined;
        busy.delete(environment);
        if (environment.lifeline.isAlive() && seat.version === version) free.push(seat);
        resolve(end);
      };
      void workOn(seat, work, environment.lifeline.clock.nowMs() + timeoutMs);
    });
  }

  async function workOn(
    seat: Seat<Environment>,
    work: (environment: Environment, deadlineAtMs: number) => Promise<string>,
    deadlineAtMs: number,
  ): Promise<void> {
    try {
      const payload = await work(seat.environment, deadlineAtMs);
      seat.end?.({ kind: "answered", payload });
    } catch (thrown) {
      const { name, message } = thrown instanceof Error ? thrown : new Error(String(thrown));
      seat.end?.({ kind: "error", errorType: name, errorMessage: message });
    }
  }

  function die(seat: Seat<Environment>, errorType: string): void {
    seat.environment.lifeline.kill();
    deps.onDeath?.(seat.environment, errorType);
    seat.end?.({ kind: "error", errorType, errorMessage: "" });
  }

  return {
    invoke,
    crash(environment) {
      const seat = busy.get(environment);
      if (seat !== undefined) die(seat, "Runtime.ExitError");
      free = free.filter((one) => one.environment !== environment);
    },
    renew() {
      version += 1;
      free = [];
    },
    busy: () => busy.keys(),
  };
}
