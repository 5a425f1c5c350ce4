import type { Log } from "@sluice/core/ports";
import {
  createFunctionHost,
  type EnvironmentStart,
  type FunctionEnd,
} from "../cloud/lambda/function-host.ts";
import { serviceError } from "../cloud/sdk/sdk-error.ts";
import { virtualAbortAfter } from "../virtual-time/virtual-abort-after.ts";
import type { DayEnvironment, DayEnvironments } from "./day-environments.ts";
import type { DayParts } from "./day-parts.ts";
import { answerEvent } from "./worker-function.ts";

/** The worker of a day. */
export interface DayWorkers {
  /**
   * Invokes the worker with a payload, as Lambda does.
   * @throws an error as the SDK throws it where Lambda refuses the invocation
   */
  invoke(payload: string): Promise<FunctionEnd>;
  /** Replaces the code. */
  renew(): void;
}

const SILENT_LOG: Log = { debug() {}, info() {}, warn() {}, error() {}, with: () => SILENT_LOG };

/** Makes the worker of a day, without an execution environment. */
export function createDayWorkers(parts: DayParts, environments: DayEnvironments): DayWorkers {
  const { clock, faults, site } = parts;
  const { random } = environments;
  const abortAfter = virtualAbortAfter(clock);

  const workers = createFunctionHost<DayEnvironment>({
    ...environments.hostDeps("worker"),
    timeoutMs: ({ provider }) => provider.worker.timeoutMs,
    start(index): EnvironmentStart<DayEnvironment> {
      const [broken] = faults.of("worker-broken");
      if (broken === undefined) {
        return { kind: "started", environment: environments.environmentFor("worker", index) };
      }
      faults.struck("worker-broken");
      return { kind: "failed", errorType: broken.error, errorMessage: "BASE_URL is missing" };
    },
  });

  /** The reply to an earlier attempt: a worker whose replies get mixed up gives it once more. */
  let lastReply: string | undefined;

  async function invoke(payload: string): Promise<FunctionEnd> {
    if (environments.isOutOfConcurrency("worker")) {
      throw serviceError({ name: "TooManyRequestsException", status: 429, message: "Rate Exceeded." });
    }
    const foreign = faults.of("foreign-answer").find(({ ratio }) => random.next() < ratio);
    if (foreign?.answer === "stub" || foreign?.answer === "nothing") {
      faults.struck("foreign-answer");
      return {
        kind: "answered",
        payload: foreign.answer === "stub" ? '{"body":"sst dev is not running"}' : "",
      };
    }
    const end = await workers.invoke(async (environment) => {
      crashSoon(environment);
      const { name, provider, lifeline } = environment;
      const { timeoutMs } = provider;
      return lifeline.outlive(
        answerEvent(payload, name, site, parts.story.nature, {
          clock: lifeline.clock,
          abortAfter,
          log: SILENT_LOG,
          timeoutMs,
        }),
      );
    });
    if (end.kind !== "answered") return end;
    const before = lastReply;
    lastReply = end.payload;
    if (foreign === undefined || before === undefined) return end;
    faults.struck("foreign-answer");
    return { kind: "answered", payload: before };
  }

  /** A worker has no calls of its own at which it might crash: it does so at any time of its call. */
  function crashSoon(environment: DayEnvironment): void {
    const strikes = (ratio: number) => random.next() < ratio;
    if (faults.of("crash").some(({ role, ratio }) => role === "worker" && strikes(ratio))) {
      faults.struck("crash");
      const afterMs = random.next() * environment.provider.latency.medianMs * 2;
      clock.at(clock.nowMs() + afterMs, () => workers.crash(environment));
    }
    const freeze = faults.of("freeze").find(({ role, ratio }) => role === "worker" && strikes(ratio));
    if (freeze === undefined) return;
    faults.struck("freeze");
    environment.lifeline.freeze(freeze.freezeMs);
  }

  return { invoke, renew: workers.renew };
}
