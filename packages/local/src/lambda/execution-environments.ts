import type { ExecutionEnvironment } from "./execution-environment.ts";
import type { FunctionCounters } from "./function-stats.ts";

/** The parts of a set of execution environments. */
export interface ExecutionEnvironmentsDeps {
  readonly counters: FunctionCounters;
  /** Starts another environment, cold. */
  start(): ExecutionEnvironment;
}

/** The execution environments that are alive, each either idle or busy. */
export interface ExecutionEnvironments {
  idle(): readonly ExecutionEnvironment[];
  busy(): readonly ExecutionEnvironment[];
  /** An idle environment, or a new one; it is busy from now on. */
  take(): ExecutionEnvironment;
  /** Makes it idle again, if it is still alive. */
  giveBack(environment: ExecutionEnvironment): void;
}

/** Makes a set without execution environments. */
export function createExecutionEnvironments({
  counters,
  start,
}: ExecutionEnvironmentsDeps): ExecutionEnvironments {
  // A stack: the last one to become idle is used first, as in AWS, where the others then run out of use.
  let idle: readonly ExecutionEnvironment[] = [];
  let busy: readonly ExecutionEnvironment[] = [];

  function startOne(): ExecutionEnvironment {
    const environment = start();
    counters.coldStartCount += 1;
    void environment.exited.then(({ wasTerminated }) => {
      idle = without(idle, environment);
      busy = without(busy, environment);
      if (!wasTerminated) counters.crashCount += 1;
    });
    return environment;
  }

  return {
    idle: () => idle,
    busy: () => busy,
    take() {
      const environment = idle.at(-1) ?? startOne();
      idle = without(idle, environment);
      busy = [...busy, environment];
      return environment;
    },
    giveBack(environment) {
      if (!busy.includes(environment)) return;
      busy = without(busy, environment);
      idle = [...idle, environment];
    },
  };
}

function without(
  environments: readonly ExecutionEnvironment[],
  gone: ExecutionEnvironment,
): readonly ExecutionEnvironment[] {
  return environments.filter((environment) => environment !== gone);
}
