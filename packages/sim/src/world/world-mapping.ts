import type { ValveSettings } from "@sluice/core/ports";
import type { InvokeFunction } from "../event-source-mapping/invocation.ts";
import { createMapping, type Mapping } from "../event-source-mapping/mapping.ts";
import type { MappingQueue } from "../event-source-mapping/mapping-queue.ts";
import { DEFAULT_SETTINGS } from "../event-source-mapping/settings.ts";
import type { SimulatedValve } from "../provider-simulator/scenario.ts";
import type { VirtualClock } from "../virtual-time/virtual-clock.ts";
import { streamOf } from "./streams.ts";

/** What a mapping of the world needs. */
export interface WorldMappingDeps {
  readonly clock: VirtualClock;
  readonly seed: number;
  readonly name: "records" | "express";
  readonly queue: MappingQueue;
  readonly valve: SimulatedValve;
  readonly functionTimeoutMs: number;
  readonly invoke: InvokeFunction;
}

/** Creates a mapping that polls from the first instant on, as one that was deployed long ago. */
export function createWorldMapping(deps: WorldMappingDeps, settings: ValveSettings): Mapping {
  const { name, seed, valve } = deps;
  const [minSeconds, maxSeconds] = valve.updateDelaySeconds;
  const delays = streamOf(seed, `${name} valve`);
  let transitionCount = 0;

  function transitionMs(): number {
    transitionCount += 1;
    if (transitionCount === 1) return 0;
    return 1_000 * (minSeconds + delays.next() * (maxSeconds - minSeconds));
  }

  const created = createMapping(
    {
      ...deps,
      random: streamOf(seed, `${name} mapping`),
      functionTimeoutMs: () => deps.functionTimeoutMs,
      transitionMs,
      redeliveryRatio: 0,
    },
    {
      uuid: name,
      queueArn: `arn:aws:sqs:eu-central-1:000000000000:${name}.fifo`,
      functionName: "ventilator",
    },
    { ...DEFAULT_SETTINGS, ...settings, reportsBatchItemFailures: true },
  );
  if (created.kind === "refused") throw new RangeError(created.message);
  return created.value;
}
