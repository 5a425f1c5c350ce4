import type { Lane } from "@sluice/core/provider";
import { createMapping, type Mapping } from "../event-source-mapping/mapping.ts";
import { DEFAULT_SETTINGS } from "../event-source-mapping/settings.ts";
import type { StartupStep } from "../event-source-mapping/startup.ts";
import type { SimulatedValve } from "../provider-simulator/scenario.ts";
import type { FifoQueue } from "./fifo-queue.ts";
import { streamOf } from "./streams.ts";
import { transitionTimes } from "./transition-times.ts";
import type { Ventilators } from "./ventilators.ts";
import type { WorldContext } from "./world-context.ts";

/** Creates the mapping of a lane, which polls from the first instant on, as one that was deployed long ago. */
export function createWorldMapping(
  { options, clock, provider, shape }: WorldContext,
  lane: Lane,
  { queue, mappingQueue }: FifoQueue,
  ventilators: Ventilators,
): Mapping {
  const { scenario, seed } = options;
  const created = createMapping(
    {
      clock,
      random: streamOf(seed, `${lane} mapping`),
      queue: mappingQueue,
      invoke: (event) => ventilators.invoke(event, queue),
      functionTimeoutMs: () => provider.ventilator.timeoutMs,
      transitionMs: transitionTimes(scenario.valve, streamOf(seed, `${lane} valve`)),
      startup: startupOf(scenario.valve),
      redeliveryRatio: 0,
    },
    {
      uuid: lane,
      queueArn: `arn:aws:sqs:eu-central-1:000000000000:${lane}.fifo`,
      functionName: "ventilator",
    },
    { ...DEFAULT_SETTINGS, ...shape.settings[lane], reportsBatchItemFailures: true },
  );
  if (created.kind === "refused") throw new RangeError(created.message);
  return created.value;
}

/** The growth that was measured, each time that polling starts but the first: the mapping polls for long already. */
function startupOf({ measured }: SimulatedValve): () => readonly StartupStep[] {
  let startCount = 0;
  return () => {
    startCount += 1;
    return startCount === 1 ? [] : (measured?.startup ?? []);
  };
}
