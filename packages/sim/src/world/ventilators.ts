import type { Queue, ReceivedMessage } from "@sluice/core/ports";
import { DEAD_LETTER_ATTRIBUTE } from "@sluice/core/records";
import { type VentilatorDeps, ventilate } from "@sluice/core/ventilator";
import type { LambdaMeter } from "../billing/meter.ts";
import type { MappingInvocation } from "../event-source-mapping/invocation.ts";
import type { SqsEvent, SqsEventRecord } from "../event-source-mapping/sqs-event.ts";
import type { VirtualClock } from "../virtual-time/virtual-clock.ts";
import type { Lifeline } from "./lifeline.ts";

/** The ventilator's execution environments: as many as there are batches at once, each used again when it is free. */
export interface Ventilators {
  invoke(event: SqsEvent, queue: Queue): Promise<MappingInvocation>;
  /** Kills an environment that is at work, by its number among these; only the mapping learns of it. */
  kill(index: number): void;
  busyCount(): number;
}

/** An execution environment, wired and ready. */
export interface WiredEnvironment {
  readonly deps: VentilatorDeps;
  readonly lifeline: Lifeline;
}

/** Dependencies of {@link createVentilators}. */
export interface VentilatorsDeps {
  readonly clock: VirtualClock;
  readonly timeoutMs: number;
  /** Time of an invocation in which no record is worked on. */
  readonly overheadMs: number;
  readonly fanOut: number;
  readonly meter: LambdaMeter;
  /** Starts the n-th environment, from 0 on. */
  start(index: number): WiredEnvironment;
}

interface VentilatorEnvironment extends WiredEnvironment {
  end: (invocation: MappingInvocation) => void;
}

const NOT_RUNNING = () => {};

/** Starts without an environment. */
export function createVentilators(deps: VentilatorsDeps): Ventilators {
  const { clock, meter } = deps;
  const free: VentilatorEnvironment[] = [];
  const busy = new Set<VentilatorEnvironment>();
  let startedCount = 0;

  function acquire(): VentilatorEnvironment {
    const known = free.pop();
    if (known !== undefined) return known;
    startedCount += 1;
    return { ...deps.start(startedCount - 1), end: NOT_RUNNING };
  }

  function invoke(event: SqsEvent, queue: Queue): Promise<MappingInvocation> {
    const environment = acquire();
    const startedAtMs = clock.nowMs();
    busy.add(environment);
    meter.requests += 1;
    return new Promise((resolve) => {
      // Lambda stops a function at its deadline, whatever it is doing.
      const stop = clock.at(startedAtMs + deps.timeoutMs, () => die(environment));
      environment.end = (invocation) => {
        stop.cancel();
        environment.end = NOT_RUNNING;
        busy.delete(environment);
        if (environment.lifeline.isAlive()) free.push(environment);
        meter.durationMs += clock.nowMs() - startedAtMs;
        resolve(invocation);
      };
      void work(environment, event, queue);
    });
  }

  async function work(environment: VentilatorEnvironment, event: SqsEvent, queue: Queue): Promise<void> {
    const deadlineAtMs = environment.lifeline.clock.nowMs() + deps.timeoutMs;
    await environment.lifeline.clock.sleep(deps.overheadMs);
    const messages = messagesOf(event);
    const batch = { messages, queue, deadlineAtMs, fanOut: deps.fanOut };
    const handedBack = await ventilate(batch, environment.deps);
    const batchItemFailures = handedBack.map((itemIdentifier) => ({ itemIdentifier }));
    environment.end({ kind: "answered", payload: JSON.stringify({ batchItemFailures }) });
  }

  function die(environment: VentilatorEnvironment): void {
    environment.lifeline.kill();
    environment.end({ kind: "function-error" });
  }

  return {
    invoke,
    kill(index) {
      const environment = [...busy][index];
      if (environment !== undefined) die(environment);
    },
    busyCount: () => busy.size,
  };
}

/** The messages of a mapping's event, as a ventilator reads them. */
export function messagesOf({ Records }: SqsEvent): ReceivedMessage[] {
  return Records.map(messageOfEvent);
}

function messageOfEvent(record: SqsEventRecord): ReceivedMessage {
  const { messageId, receiptHandle, body, attributes, messageAttributes } = record;
  return {
    messageId,
    receiptHandle,
    body,
    receiveCount: Number(attributes.ApproximateReceiveCount),
    sentAtMs: Number(attributes.SentTimestamp),
    isRedriven: DEAD_LETTER_ATTRIBUTE in messageAttributes,
  };
}
