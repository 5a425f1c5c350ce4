import type { Lane, Provider } from "@sluice/core/provider";
import { fanOutOf } from "@sluice/core/valve";
import { ventilate } from "@sluice/core/ventilator";
import { type WakerDeps, wake, wakerTimeoutMsOf } from "@sluice/core/waker";
import {
  createFunctionHost,
  type EnvironmentStart,
  type FunctionHost,
} from "../cloud/lambda/function-host.ts";
import type { MappingInvocation } from "../event-source-mapping/invocation.ts";
import type { SqsEvent } from "../event-source-mapping/sqs-event.ts";
import { messagesOf } from "../world/ventilators.ts";
import { createDayEnvironments, type DayEnvironment } from "./day-environments.ts";
import type { DayParts } from "./day-parts.ts";
import { createDayWorkers } from "./day-workers.ts";
import { wireEnvironment } from "./wire-environment.ts";

/** The three functions of a day. */
export interface DayFunctions {
  /** Hands a batch of one of the queues to a ventilator, as the mapping does. */
  ventilate(event: SqsEvent, lane: Lane): Promise<MappingInvocation>;
  /** Lets a waker make its round. */
  wake(): Promise<void>;
  /** Replaces the code of all functions. */
  renew(): void;
}

interface WiredEnvironment extends DayEnvironment {
  readonly deps: WakerDeps;
}

/** Bounds of the time between a receive and the function's first line, cold starts apart. */
const INVOKE_MIN_MS = 10;
const INVOKE_SPREAD_MS = 40;

/** Makes the functions of a day, without an execution environment. */
export function createDayFunctions(parts: DayParts): DayFunctions {
  const { clock, faults, emit } = parts;
  const environments = createDayEnvironments(parts);
  const { random } = environments;
  const workers = createDayWorkers(parts, environments);

  function hostOf(
    role: "ventilator" | "waker",
    timeoutMs: (provider: Provider) => number,
  ): FunctionHost<WiredEnvironment> {
    const host = createFunctionHost<WiredEnvironment>({
      ...environments.hostDeps(role),
      timeoutMs: ({ provider }) => timeoutMs(provider),
      start(index): EnvironmentStart<WiredEnvironment> {
        const environment = environments.environmentFor(role, index);
        const crash = () => host.crash(wired);
        const own = { ...environment, role, crash, invokeWorker: workers.invoke };
        const wired: WiredEnvironment = { ...environment, deps: wireEnvironment(parts, own) };
        return { kind: "started", environment: wired };
      },
    });
    return host;
  }

  const ventilators = hostOf("ventilator", ({ ventilator }) => ventilator.timeoutMs);
  const wakers = hostOf("waker", wakerTimeoutMsOf);

  async function ventilateOnce(event: SqsEvent, lane: Lane): Promise<MappingInvocation> {
    if (environments.isOutOfConcurrency("ventilator")) return { kind: "throttled" };
    await clock.sleep(INVOKE_MIN_MS + random.next() * INVOKE_SPREAD_MS);
    const end = await ventilators.invoke(async ({ deps }, deadlineAtMs) => {
      const batch = {
        messages: messagesOf(event),
        queue: deps.queues[lane],
        isUrgent: lane === "express",
        deadlineAtMs,
        fanOut: fanOutOf(deps.provider),
      };
      const handedBack = await orTell(emit, "ventilate", () => ventilate(batch, deps));
      return JSON.stringify({ batchItemFailures: handedBack.map((itemIdentifier) => ({ itemIdentifier })) });
    });
    return end.kind === "answered" ? end : { kind: "function-error" };
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
        await orTell(emit, "wake", () => wake(deps, deadlineAtMs));
        return "";
      });
    },
    renew() {
      for (const host of [workers, ventilators, wakers]) host.renew();
    },
  };
}

async function orTell<T>(emit: DayParts["emit"], where: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (thrown) {
    emit({ kind: "threw", where, error: String(thrown) });
    throw thrown;
  }
}
