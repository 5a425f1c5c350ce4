import type { CallEnd, ExecutionEnvironment } from "./execution-environment.ts";
import { createExecutionEnvironments, type ExecutionEnvironmentsDeps } from "./execution-environments.ts";
import { countEnd } from "./function-stats.ts";

/** The parts of a pool. */
export interface ExecutionEnvironmentPoolDeps extends ExecutionEnvironmentsDeps {
  /** Calls at once; infinity for no limit. */
  readonly concurrencyMax: number;
}

/** The outcome of killing an execution environment on purpose. */
export type Killing =
  | { readonly kind: "killed"; readonly environmentId: string; readonly wasBusy: boolean }
  | { readonly kind: "nothing-to-kill" };

/** The execution environments of one deployed version of a function. */
export interface ExecutionEnvironmentPool {
  /** Runs in an idle environment, or in a new one if the concurrency allows. */
  run(requestId: string, payload: string): Promise<CallEnd | { readonly kind: "throttled" }>;
  environmentCount(): number;
  runningCount(): number;
  /** Kills a busy environment, or an idle one if none is busy; `pick`, in [0, 1), chooses among them. */
  killOne(pick: number): Promise<Killing>;
  /** Kills the environments that are idle now, and the busy ones when they have ended their calls. */
  retire(): Promise<void>;
  /** Kills all. */
  stop(): Promise<void>;
}

/** Makes a pool without environments. */
export function createExecutionEnvironmentPool(deps: ExecutionEnvironmentPoolDeps): ExecutionEnvironmentPool {
  const { counters } = deps;
  const environments = createExecutionEnvironments(deps);
  let isRetired = false;

  async function run(requestId: string, payload: string): ReturnType<ExecutionEnvironmentPool["run"]> {
    if (environments.busy().length >= deps.concurrencyMax) {
      counters.throttleCount += 1;
      return { kind: "throttled" };
    }
    const environment = environments.take();
    const end = await environment.call(requestId, payload);
    environments.giveBack(environment);
    countEnd(counters, end);
    if (isRetired) await environment.kill();
    return end;
  }

  async function killOne(pick: number): Promise<Killing> {
    const busy = environments.busy();
    const wasBusy = busy.length > 0;
    const candidates = wasBusy ? busy : environments.idle();
    const victim = candidates[Math.floor(pick * candidates.length)];
    if (victim === undefined) return { kind: "nothing-to-kill" };
    counters.killCount += 1;
    await victim.kill();
    return { kind: "killed", environmentId: victim.id, wasBusy };
  }

  return {
    run,
    environmentCount: () => environments.busy().length + environments.idle().length,
    runningCount: () => environments.busy().length,
    killOne,
    retire() {
      isRetired = true;
      return killAll(environments.idle());
    },
    stop: () => killAll([...environments.busy(), ...environments.idle()]),
  };
}

async function killAll(environments: readonly ExecutionEnvironment[]): Promise<void> {
  await Promise.all(environments.map((environment) => environment.kill()));
}
