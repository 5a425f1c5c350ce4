import type { Random } from "@sluice/core/ports";
import type { Provider } from "@sluice/core/provider";
import type { FunctionHostDeps } from "../cloud/lambda/function-host.ts";
import { createLifeline, type Lifeline } from "../world/lifeline.ts";
import { streamOf } from "../world/streams.ts";
import type { DayParts } from "./day-parts.ts";
import { environmentName } from "./environment-name.ts";
import type { Role } from "./story.ts";

/** An execution environment of a day's functions. */
export interface DayEnvironment {
  readonly name: string;
  readonly lifeline: Lifeline;
  /** The contract as deployed with it. */
  readonly provider: Provider;
}

/** The common ground of a day's functions. */
export interface DayEnvironments {
  /** The lots of the faults that strike functions. */
  readonly random: Random;
  /** Makes the n-th environment of a function, its clock off by as much as the story allows. */
  environmentFor(role: Role, index: number): DayEnvironment;
  /** The settings of a host that are the same for each function. */
  hostDeps(role: Role): Pick<FunctionHostDeps<DayEnvironment>, "clock" | "coldStartMs" | "onDeath">;
  /** True for an invocation that Lambda refuses, as a fault in force has it. */
  isOutOfConcurrency(role: "worker" | "ventilator"): boolean;
}

/** Time of an ordinary cold start. */
const COLD_START_MS = 300;

/** Makes the common ground of a day's functions, without an environment. */
export function createDayEnvironments({
  clock,
  story,
  faults,
  site,
  emit,
  provider,
}: DayParts): DayEnvironments {
  const random = streamOf(story.seed, "functions");
  const skews = streamOf(story.seed, "skews");
  const coldStartMs = () =>
    faults.of("cold-starts").reduce((longest, { delayMs }) => Math.max(longest, delayMs), COLD_START_MS);

  return {
    random,
    environmentFor(role, index) {
      const skewMs = (skews.next() - 0.5) * story.skewMs;
      return {
        name: environmentName(role, index),
        lifeline: createLifeline(clock, skewMs),
        provider: provider(),
      };
    },
    hostDeps: (role) => ({
      clock,
      coldStartMs,
      onDeath({ name }, errorType) {
        site.hangUp(name);
        emit({ kind: "died", environment: name, role, errorType });
      },
    }),
    isOutOfConcurrency(role) {
      const isSo = faults
        .of("no-concurrency")
        .some((fault) => fault.role === role && random.next() < fault.ratio);
      if (isSo) faults.struck("no-concurrency");
      return isSo;
    },
  };
}
