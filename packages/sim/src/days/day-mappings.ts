import { type ByLane, byLane, LANES, type Lane } from "@sluice/core/provider";
import type { MappingInvocation } from "../event-source-mapping/invocation.ts";
import type { MappingQueue } from "../event-source-mapping/mapping-queue.ts";
import { createMappings, type Mappings } from "../event-source-mapping/mappings.ts";
import type { SqsEvent } from "../event-source-mapping/sqs-event.ts";
import type { VirtualClock } from "../virtual-time/virtual-clock.ts";
import { streamOf } from "../world/streams.ts";
import { FUNCTION_NAMES } from "./day-parts.ts";
import type { FaultsInForce } from "./faults-in-force.ts";

/** ARNs of the lanes' queues. */
export const QUEUE_ARNS: ByLane<string> = byLane(
  (lane) => `arn:aws:sqs:eu-central-1:000000000000:${lane}.fifo`,
);

/** Settings with which a deploy creates a mapping. */
export const FLOOR = {
  isEnabled: true,
  batchSize: 1,
  maximumConcurrency: 2,
  reportsBatchItemFailures: true,
} as const;

/** The parts that mappings work with. */
export interface DayMappingsDeps {
  readonly seed: number;
  readonly clock: VirtualClock;
  readonly faults: FaultsInForce;
  readonly mappingQueues: ByLane<MappingQueue>;
  ventilatorTimeoutMs(): number;
  invoke(lane: Lane, event: SqsEvent): Promise<MappingInvocation>;
}

/** Durations of an update on an ordinary day. */
const UPDATE_MIN_SECONDS = 5;
const UPDATE_MAX_SECONDS = 40;

/** Makes an account without mappings, which change as slowly as the faults in force say. */
export function createDayMappings(deps: DayMappingsDeps): Mappings {
  const { clock, faults, seed, mappingQueues } = deps;
  const delays = streamOf(seed, "valve delays");
  let mappingCount = 0;
  const laneOf = (event: SqsEvent) =>
    LANES.find((lane) => QUEUE_ARNS[lane] === event.Records[0]?.eventSourceARN) ?? "records";

  return createMappings({
    clock,
    random: streamOf(seed, "mappings"),
    ids: {
      next() {
        mappingCount += 1;
        return `mapping-${mappingCount}`;
      },
    },
    openQueue: async (arn) => mappingQueues[LANES.find((lane) => QUEUE_ARNS[lane] === arn) ?? "records"],
    functionTimeoutMs: (name) =>
      name === FUNCTION_NAMES.ventilator ? deps.ventilatorTimeoutMs() : undefined,
    invoke: (_, event) => deps.invoke(laneOf(event), event),
    transitionMs() {
      const [slow] = faults.of("slow-valve");
      if (slow !== undefined) faults.struck("slow-valve");
      const { minSeconds = UPDATE_MIN_SECONDS, maxSeconds = UPDATE_MAX_SECONDS } = slow ?? {};
      return 1_000 * (minSeconds + delays.next() * (maxSeconds - minSeconds));
    },
    pollersLagMs() {
      const [early] = faults.of("early-state");
      if (early === undefined) return 0;
      faults.struck("early-state");
      return early.lagSeconds * 1_000;
    },
    redeliveryRatio: 0,
  });
}

/** Creates the mapping of a lane as a deploy does. */
export async function deployMapping(mappings: Mappings, lane: Lane): Promise<void> {
  await mappings.create({
    queueArn: QUEUE_ARNS[lane],
    functionName: FUNCTION_NAMES.ventilator,
    settings: FLOOR,
  });
}

/** The mapping of a lane; undefined if there is none now. */
export function mappingOf(mappings: Mappings, lane: Lane): string | undefined {
  return mappings.list().find(({ queueArn, state }) => queueArn === QUEUE_ARNS[lane] && state !== "Deleting")
    ?.uuid;
}
