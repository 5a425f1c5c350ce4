import type { MappingDescription } from "../description.ts";
import type { MappingInvocation } from "../invocation.ts";
import { createMapping, type Mapping, type MappingDeps } from "../mapping.ts";
import type { MappingOutcome } from "../mapping-outcome.ts";
import { DEFAULT_SETTINGS, type MappingChange } from "../settings.ts";
import type { SqsEvent } from "../sqs-event.ts";
import { createFakeMappingQueue, type FakeMappingQueue } from "./fake-mapping-queue.ts";
import { createSteppedClock, type SteppedClock } from "./stepped-clock.ts";

/** Duration of the harness's transitions. */
export const TRANSITION_MS = 2_000;

/** The body of a fake function; it may sleep on the harness's clock. */
export type FakeFunction = (event: SqsEvent, clock: SteppedClock) => Promise<MappingInvocation>;

/** A mapping on virtual time, with its queue and a fake function. */
export interface MappingHarness {
  readonly clock: SteppedClock;
  readonly queue: FakeMappingQueue;
  readonly mapping: Mapping;
  /** Ids of each batch that was handed over, in order. */
  readonly batches: readonly (readonly string[])[];
}

/** Creates a mapping that is enabled, unless the settings say otherwise, once its transition has ended. */
export function createMappingHarness(
  run: FakeFunction,
  settings: MappingChange = {},
  deps: Partial<Pick<MappingDeps, "redeliveryRatio" | "functionTimeoutMs" | "pollersLagMs">> = {},
): MappingHarness {
  const clock = createSteppedClock();
  const queue = createFakeMappingQueue(clock);
  const batches: string[][] = [];
  const created = createMapping(
    {
      clock,
      queue,
      random: { next: () => 0.5 },
      invoke: (event) => {
        batches.push(event.Records.map((record) => record.messageId));
        return run(event, clock);
      },
      functionTimeoutMs: () => 30_000,
      transitionMs: () => TRANSITION_MS,
      redeliveryRatio: 0,
      ...deps,
    },
    { uuid: "mapping-1", queueArn: "arn:aws:sqs:eu-central-1:000000000000:q.fifo", functionName: "f" },
    { ...DEFAULT_SETTINGS, reportsBatchItemFailures: true, ...settings },
  );
  return { clock, queue, mapping: carriedOut(created), batches };
}

/** A function that succeeds after a while. */
export function succeedAfter(durationMs: number): FakeFunction {
  return async (_event, clock) => {
    await clock.sleep(durationMs);
    return { kind: "answered", payload: "{}" };
  };
}

/** The value of a call that was carried out; a refusal fails the test. */
export function carriedOut<T>(outcome: MappingOutcome<T>): T {
  if (outcome.kind === "refused") throw new TypeError(`${outcome.error}: ${outcome.message}`);
  return outcome.value;
}

/** The error's name of a call that was refused, or undefined. */
export function errorOf(outcome: MappingOutcome<MappingDescription>): string | undefined {
  return outcome.kind === "refused" ? outcome.error : undefined;
}
