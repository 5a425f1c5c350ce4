import type { Log } from "@sluice/core/ports";
import type { Lane, Provider } from "@sluice/core/provider";
import { fanOutOf } from "@sluice/core/valve";
import { ventilate } from "@sluice/core/ventilator";
import { type WakerDeps, wake, wakerTimeoutMsOf } from "@sluice/core/waker";
import {
  createFunctionHost,
  type EnvironmentStart,
  type FunctionEnd,
  type FunctionHost,
} from "../cloud/lambda/function-host.ts";
import { serviceError } from "../cloud/sdk/sdk-error.ts";
import type { MappingInvocation } from "../event-source-mapping/invocation.ts";
import type { SqsEvent } from "../event-source-mapping/sqs-event.ts";
import { virtualAbortAfter } from "../virtual-time/virtual-abort-after.ts";
import { createLifeline, type Lifeline } from "../world/lifeline.ts";
import { streamOf } from "../world/streams.ts";
import { messagesOf } from "../world/ventilators.ts";
import type { DayParts } from "./day-parts.ts";
import { environmentName } from "./environment-name.ts";
import type { Role } from "./story.ts";
import { wireEnvironment } from "./wire-environment.ts";
import { answerEvent } from "./worker-function.ts";

/** The three functions of a day. */
export interface DayFunctions {
  /** Hands a batch of one of the queues to a ventilator, as the mapping does. */
  ventilate(event: SqsEvent, lane: Lane): Promise<MappingInvocation>;
  /** Lets a waker make its round. */
  wake(): Promise<void>;
  /** Replaces the code of all functions. */
  renew(): void;
}

interface DayEnvironment {
  readonly name: string;
  readonly lifeline: Lifeline;
  readonly provider: Provider;
}

interface WiredEnvironment extends DayEnvironment {
  readonly deps: WakerDeps;
}

const SILENT_LOG: Log = { debug() {}, info() {}, warn() {}, error() {}, with: () => SILENT_LOG };

/** Bounds of the time between a receive and the function's first line, cold starts apart. */
const INVOKE_MIN_MS = 10;
const INVOKE_SPREAD_MS = 40;
/** Time of an ordinary cold start. */
const COLD_START_MS = 300;

/** Makes the functions of a day, without an execution environment. */
export function createDayFunctions(parts: DayParts): DayFunctions {
  const { clock, story, faults, site, emit } = parts;
  const random = streamOf(story.seed, "functions");
  const abortAfter = virtualAbortAfter(clock);
  const skews = streamOf(story.seed, "skews");
  const coldStartMs = () =>
    faults.of("cold-starts").reduce((longest, { delayMs }) => Math.max(longest, delayMs), COLD_START_MS);

  function environmentFor(role: Role, index: number): DayEnvironment {
    const skewMs = (skews.next() - 0.5) * story.skewMs;
    return {
      name: environmentName(role, index),
      lifeline: createLifeline(clock, skewMs),
      provider: parts.provider(),
    };
  }

  function onDeath(role: Role): (environment: DayEnvironment, errorType: string) => void {
    return ({ name }, errorType) => {
      site.hangUp(name);
      emit({ kind: "died", environment: name, role, errorType });
    };
  }

  const workers = createFunctionHost<DayEnvironment>({
    clock,
    timeoutMs: ({ provider }) => provider.worker.timeoutMs,
    coldStartMs,
    onDeath: onDeath("worker"),
    start(index): EnvironmentStart<DayEnvironment> {
      const [broken] = faults.of("worker-broken");
      if (broken === undefined) return { kind: "started", environment: environmentFor("worker", index) };
      faults.struck("worker-broken");
      return { kind: "failed", errorType: broken.error, errorMessage: "BASE_URL is missing" };
    },
  });

  async function invokeWorker(payload: string): Promise<FunctionEnd> {
    if (isOutOfConcurrency("worker")) {
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
        answerEvent(payload, name, site, { clock: lifeline.clock, abortAfter, log: SILENT_LOG, timeoutMs }),
      );
    });
    if (foreign === undefined || end.kind !== "answered") return end;
    faults.struck("foreign-answer");
    return { kind: "answered", payload: end.payload.replace(/"attemptId":"[^"]*"/, '"attemptId":"another"') };
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

  function isOutOfConcurrency(role: "worker" | "ventilator"): boolean {
    const isSo = faults
      .of("no-concurrency")
      .some((fault) => fault.role === role && random.next() < fault.ratio);
    if (isSo) faults.struck("no-concurrency");
    return isSo;
  }

  function hostOf(
    role: "ventilator" | "waker",
    timeoutMs: (provider: Provider) => number,
  ): FunctionHost<WiredEnvironment> {
    const host = createFunctionHost<WiredEnvironment>({
      clock,
      timeoutMs: ({ provider }) => timeoutMs(provider),
      coldStartMs,
      onDeath: onDeath(role),
      start(index): EnvironmentStart<WiredEnvironment> {
        const environment = environmentFor(role, index);
        const crash = () => host.crash(wired);
        const wired: WiredEnvironment = {
          ...environment,
          deps: wireEnvironment(parts, { ...environment, role, crash, invokeWorker }),
        };
        return { kind: "started", environment: wired };
      },
    });
    return host;
  }

  const ventilators = hostOf("ventilator", ({ ventilator }) => ventilator.timeoutMs);
  const wakers = hostOf("waker", wakerTimeoutMsOf);

  async function ventilateOnce(event: SqsEvent, lane: Lane): Promise<MappingInvocation> {
    if (isOutOfConcurrency("ventilator")) return { kind: "throttled" };
    await clock.sleep(INVOKE_MIN_MS + random.next() * INVOKE_SPREAD_MS);
    const end = await ventilators.invoke(async ({ deps }, deadlineAtMs) => {
      const batch = {
        messages: messagesOf(event),
        queue: deps.queues[lane],
        isUrgent: lane === "express",
        deadlineAtMs,
        fanOut: fanOutOf(deps.provider),
      };
      const handedBack = await orTell("ventilate", () => ventilate(batch, deps));
      return JSON.stringify({ batchItemFailures: handedBack.map((itemIdentifier) => ({ itemIdentifier })) });
    });
    return end.kind === "answered" ? end : { kind: "function-error" };
  }

  async function orTell<T>(where: string, work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (thrown) {
      emit({ kind: "threw", where, error: String(thrown) });
      throw thrown;
    }
  }

  return {
    async ventilate(event, lane) {
      if (faults.of("duplicates").some(({ ratio }) => random.next() < ratio)) {
        faults.struck("duplicates");
        void ventilateOnce(event, lane);
      }
      return ventilateOnce(event, lane);
    },
    async wake() {
      await wakers.invoke(async ({ deps }, deadlineAtMs) => {
        await orTell("wake", () => wake(deps, deadlineAtMs));
        return "";
      });
    },
    renew() {
      for (const host of [workers, ventilators, wakers]) host.renew();
    },
  };
}
