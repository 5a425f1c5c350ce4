import type { Scenario, SimulatedProvider } from "./scenario.ts";

/** Shares are written as decimals, which do not add up to exactly 1. */
const SHARE_TOLERANCE = 1e-6;

/** The relations between options that a scenario breaks, a sentence each. */
export function scenarioProblems({ provider, valve }: Scenario): string[] {
  const { slowAfterMs, timeoutMs, poisonRatio, rejectedRatio } = provider;
  const [minSeconds, maxSeconds] = valve.updateDelaySeconds;
  return [
    ...otherwise(
      slowAfterMs <= timeoutMs,
      `provider.slowAfterMs must be at most provider.timeoutMs (${timeoutMs}), received ${slowAfterMs}`,
    ),
    ...otherwise(
      poisonRatio + rejectedRatio <= 1,
      `provider.rejectedRatio must be at most 1 - provider.poisonRatio (${poisonRatio}), received ${rejectedRatio}`,
    ),
    ...otherwise(
      minSeconds <= maxSeconds,
      `valve.updateDelaySeconds must be [min, max] with min at most max, received [${minSeconds}, ${maxSeconds}]`,
    ),
    ...checkLatency(provider.latency),
  ];
}

function checkLatency(latency: SimulatedProvider["latency"]): string[] {
  const { minMs, maxMs } = latency;
  const ends = `provider.latency.minMs (${minMs}) to provider.latency.maxMs (${maxMs})`;
  if (!("mix" in latency)) {
    return otherwise(
      minMs <= latency.medianMs && latency.medianMs <= maxMs,
      `provider.latency.medianMs must be from ${ends}, received ${latency.medianMs}`,
    );
  }
  const shareTotal = latency.mix.reduce((total, { share }) => total + share, 0);
  return [
    ...otherwise(
      Math.abs(shareTotal - 1) <= SHARE_TOLERANCE,
      `provider.latency.mix must have shares that add up to 1, received ${shareTotal}`,
    ),
    ...latency.mix.flatMap(({ medianMs }, at) =>
      otherwise(
        minMs <= medianMs && medianMs <= maxMs,
        `provider.latency.mix.${at}.medianMs must be from ${ends}, received ${medianMs}`,
      ),
    ),
  ];
}

function otherwise(holds: boolean, problem: string): string[] {
  return holds ? [] : [problem];
}
