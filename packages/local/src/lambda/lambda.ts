import { SYNC_PAYLOAD_MAX_BYTES } from "@sluice/core/aws-bounds";
import type { Clock, Ids } from "@sluice/core/ports";
import { type Account, functionArnOf } from "./account.ts";
import { startThread } from "./bootstrap-thread.ts";
import {
  type CallEnd,
  createExecutionEnvironment,
  type ExecutionEnvironment,
} from "./execution-environment.ts";
import {
  createExecutionEnvironmentPool,
  type ExecutionEnvironmentPool,
  type Killing,
} from "./execution-environment-pool.ts";
import type { FunctionSettings } from "./function-settings.ts";
import { createFunctionCounters, type FunctionCounters, type FunctionStats } from "./function-stats.ts";
import { type InvokeResult, isTooLarge, resultOf } from "./invoke-result.ts";
import { createTraceReader } from "./readable-trace.ts";
import { logGroupOf, runtimeVariables } from "./runtime-variables.ts";

/** The parts of the embedded Lambda. */
export interface LambdaDeps {
  readonly clock: Clock;
  /** Makes request and environment ids. */
  readonly ids: Ids;
  readonly account: Account;
  /** Called with each line that a function prints. */
  onLog(functionName: string, line: string): void;
  /** Called when an environment ended by itself, or could not be loaded, with the payload that its caller gets. */
  onCrash?(functionName: string, payload: string): void;
}

/** Functions and their execution environments, in this process. */
export interface Lambda {
  /** Deploys a function, or a new version of it: calls under way end in the old environments. */
  deploy(settings: FunctionSettings): void;
  /** The settings of a function as it is deployed now; undefined if there is none of that name. */
  find(functionName: string): FunctionSettings | undefined;
  /** Calls a function; `payload` is JSON text. It never rejects. */
  invoke(functionName: string, payload: string): Promise<InvokeResult>;
  /** By function name. */
  stats(): ReadonlyMap<string, FunctionStats>;
  /** Kills one environment of a function as a crash would; `pick`, in [0, 1), chooses among the candidates. */
  killOne(functionName: string, pick: number): Promise<Killing>;
  /** Kills all environments; calls under way end as crashes do. */
  stop(): Promise<void>;
}

interface Deployed {
  readonly settings: FunctionSettings;
  readonly pool: ExecutionEnvironmentPool;
  /** Those of earlier versions. */
  readonly retiredPools: readonly ExecutionEnvironmentPool[];
  readonly counters: FunctionCounters;
  /** Replaces places in the bundle by those in the sources. */
  readTrace(text: string): string;
}

/** Makes a Lambda without functions. */
export function createLambda(deps: LambdaDeps): Lambda {
  const functions = new Map<string, Deployed>();

  function deploy(settings: FunctionSettings): void {
    const earlier = functions.get(settings.name);
    functions.set(settings.name, deployed(deps, settings, earlier));
    void earlier?.pool.retire();
  }

  async function invoke(functionName: string, payload: string): Promise<InvokeResult> {
    const found = functions.get(functionName);
    if (found === undefined) return { kind: "function-missing" };
    if (isTooLarge(payload, SYNC_PAYLOAD_MAX_BYTES)) return { kind: "request-too-large" };
    const requestId = deps.ids.next();
    const end = await found.pool.run(requestId, payload);
    if (end.kind === "throttled") return end;
    const result = resultOf(requestId, end);
    if (result.kind === "function-error") {
      const payload = found.readTrace(result.payload);
      deps.onLog(functionName, `ERROR ${payload}`);
      if (isCrash(end)) deps.onCrash?.(functionName, payload);
    }
    return result;
  }

  return {
    deploy,
    find: (functionName) => functions.get(functionName)?.settings,
    invoke,
    stats: () => new Map([...functions].map(([name, one]) => [name, statsOf(one)])),
    async killOne(functionName, pick) {
      return (await functions.get(functionName)?.pool.killOne(pick)) ?? { kind: "nothing-to-kill" };
    },
    async stop() {
      const pools = [...functions.values()].flatMap(poolsOf);
      functions.clear();
      await Promise.all(pools.map((pool) => pool.stop()));
    },
  };
}

function deployed(deps: LambdaDeps, settings: FunctionSettings, earlier: Deployed | undefined): Deployed {
  const counters = earlier?.counters ?? createFunctionCounters();
  const readTrace = createTraceReader(settings.bundlePath);
  const log = (line: string) => deps.onLog(settings.name, readTrace(line));
  const pool = createExecutionEnvironmentPool({
    counters,
    concurrencyMax: settings.reservedConcurrency ?? Number.POSITIVE_INFINITY,
    start: () => startExecutionEnvironment(deps, settings, log),
  });
  return { settings, pool, retiredPools: earlier === undefined ? [] : poolsOf(earlier), counters, readTrace };
}

/** True for an end of the environment that nobody wanted. */
function isCrash(end: CallEnd): boolean {
  return (
    end.kind === "init-failed" || end.kind === "crashed" || (end.kind === "exited" && !end.wasTerminated)
  );
}

/** The pools of all versions. */
function poolsOf({ pool, retiredPools }: Deployed): readonly ExecutionEnvironmentPool[] {
  return [...retiredPools, pool];
}

function statsOf(one: Deployed): FunctionStats {
  return {
    ...one.counters,
    environmentCount: one.pool.environmentCount(),
    retiringCount: sumOf(one.retiredPools.map((pool) => pool.environmentCount())),
    runningCount: sumOf(poolsOf(one).map((pool) => pool.runningCount())),
  };
}

function sumOf(counts: readonly number[]): number {
  return counts.reduce((sum, count) => sum + count, 0);
}

function startExecutionEnvironment(
  { clock, ids, account }: LambdaDeps,
  settings: FunctionSettings,
  onLine: (line: string) => void,
): ExecutionEnvironment {
  const { name, bundlePath, memoryMb, timeoutMs } = settings;
  const id = ids.next();
  const logStreamName = `[$LATEST]${id}`;
  const thread = startThread({
    boot: {
      bundlePath,
      functionName: name,
      functionArn: functionArnOf(account, name),
      memoryMb,
      logGroupName: logGroupOf(name),
      logStreamName,
    },
    variables: runtimeVariables(account, settings, logStreamName),
    onLine,
  });
  return createExecutionEnvironment(id, thread, clock, timeoutMs);
}
