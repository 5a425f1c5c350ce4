import type { Environment } from "./execution-environment.ts";
import type { FunctionCounters } from "./function-stats.ts";

/** What keeping environments needs. */
export interface EnvironmentsDeps {
  readonly counters: FunctionCounters;
  startEnvironment(): Environment;
}

/** The environments that are alive, each either idle or busy. */
export interface Environments {
  idle(): readonly Environment[];
  busy(): readonly Environment[];
  /** An idle environment, or a new one; it is busy from now on. */
  take(): Environment;
  /** Makes it idle again, if it is still alive. */
  giveBack(environment: Environment): void;
}

/** Makes a set without environments. */
export function createEnvironments({ counters, startEnvironment }: EnvironmentsDeps): Environments {
  // A stack: the last one to become idle is used first, as in AWS, where the others then run out of use.
  let idle: readonly Environment[] = [];
  let busy: readonly Environment[] = [];

  function startOne(): Environment {
    const environment = startEnvironment();
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

function without(environments: readonly Environment[], gone: Environment): readonly Environment[] {
  return environments.filter((environment) => environment !== gone);
}
