import { LANES, type Lane } from "@sluice/core/provider";
import { type ControlPlane, createControlPlane } from "../event-source-mapping/control-plane.ts";
import type { MappingInvocation } from "../event-source-mapping/invocation.ts";
import { createMappings, type Mappings } from "../event-source-mapping/mappings.ts";
import type { SqsEvent } from "../event-source-mapping/sqs-event.ts";
import type { VirtualClock } from "../virtual-time/virtual-clock.ts";
import { streamOf } from "../world/streams.ts";
import type { DayQueues } from "./day-queues.ts";
import type { FaultsInForce } from "./faults-in-force.ts";
import { FUNCTION_NAMES } from "./function-names.ts";

/** The mappings of a day's lanes. */
export interface DayMappings {
  /** All of them, as the control plane offers them. */
  readonly account: Mappings;
  readonly controlPlane: ControlPlane;
  /** Creates the mapping of a lane as a deploy does; one that is there already stays as it is. */
  create(lane: Lane): void;
  /** The id of a lane's mapping; undefined if there is none now. */
  find(lane: Lane): string | undefined;
}

/** Settings with which a deploy creates a mapping. */
const FLOOR = {
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
  readonly queues: Pick<DayQueues, "arns" | "mappingQueues">;
  ventilatorTimeoutMs(): number;
  invoke(lane: Lane, event: SqsEvent): Promise<MappingInvocation>;
}

/** Durations of an update on an ordinary day. */
const UPDATE_MIN_SECONDS = 5;
const UPDATE_MAX_SECONDS = 40;

/** Makes an account without mappings, which change as slowly as the faults in force say. */
export function createDayMappings(deps: DayMappingsDeps): DayMappings {
  const { queues } = deps;
  const account = createMappings({
    ...timesUnder(deps),
    clock: deps.clock,
    random: streamOf(deps.seed, "mappings"),
    ids: countingIds(),
    openQueue: async (arn) => queues.mappingQueues[laneAt(arn)],
    functionTimeoutMs: (name) =>
      name === FUNCTION_NAMES.ventilator ? deps.ventilatorTimeoutMs() : undefined,
    invoke: (_, event) => deps.invoke(laneAt(event.Records[0]?.eventSourceARN), event),
    redeliveryRatio: 0,
  });

  function laneAt(arn: string | undefined): Lane {
    return LANES.find((lane) => queues.arns[lane] === arn) ?? "records";
  }

  return {
    account,
    controlPlane: createControlPlane(deps.clock),
    create(lane) {
      const functionName = FUNCTION_NAMES.ventilator;
      void account.create({ queueArn: queues.arns[lane], functionName, settings: FLOOR });
    },
    find: (lane) =>
      account.list().find(({ queueArn, state }) => queueArn === queues.arns[lane] && state !== "Deleting")
        ?.uuid,
  };
}

/** The times that changes of mappings take. */
function timesUnder({ faults, seed }: DayMappingsDeps) {
  const delays = streamOf(seed, "valve delays");
  return {
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
  };
}

function countingIds(): { next(): string } {
  let count = 0;
  return {
    next() {
      count += 1;
      return `mapping-${count}`;
    },
  };
}
