import type { Scenario } from "../provider-simulator/scenario.ts";
import { DEFAULT_SCENARIO } from "../provider-simulator/scenario-defaults.ts";
import type { TimeLine } from "../provider-simulator/time-line.ts";
import type { Spell, Story } from "./story.ts";

/** Calls a hundred times as long are as good as none. */
const FACTOR_MAX = 100;

/** The provider of a story, as the provider model takes it; outside spells it bears the largest X of the day. */
export function scenarioOf({ contract, nature, weather, faults }: Story): Scenario {
  const { retryAfterSeconds, overload: mode, exponent, poisonRatio, rejectedRatio, fragile } = nature;
  const contracts = [
    contract,
    ...faults.flatMap((fault) => (fault.kind === "deploy" ? [fault.contract] : [])),
  ];
  const mostAtOnce = Math.max(...contracts.map(({ maxConcurrency = 0 }) => maxConcurrency));
  return {
    ...DEFAULT_SCENARIO,
    name: "day",
    provider: {
      ...DEFAULT_SCENARIO.provider,
      maxConcurrency: mostAtOnce,
      slowAfterMs: contract.slowAfterMs,
      timeoutMs: contract.timeoutMs,
      latency: contract.latency,
      capacity: lineOf(
        weather,
        mostAtOnce,
        (spell) => (spell.kind === "capacity" ? spell.count : undefined),
        Math.min,
      ),
      overload: { mode, exponent, retryAfterSeconds },
      faultRatio: lineOf(
        weather,
        0,
        (spell) => (spell.kind === "faults" ? spell.ratio : undefined),
        Math.max,
      ),
      latencyFactor: lineOf(
        weather,
        1,
        (spell) => (spell.kind === "slow" ? spell.factor : undefined),
        multiplied,
      ),
      poisonRatio,
      rejectedRatio,
      fragile,
    },
  };
}

/** A time line of the spells that have a value; where several overlap they are merged. */
function lineOf(
  weather: readonly Spell[],
  usual: number,
  valueIn: (spell: Spell) => number | undefined,
  merge: (one: number, other: number) => number,
): TimeLine {
  const edges = new Set([0, ...weather.flatMap(({ fromMinute, untilMinute }) => [fromMinute, untilMinute])]);
  const steps = [...edges]
    .sort((one, other) => one - other)
    .map((minute): [number, number] => [
      minute,
      weather
        .filter(({ fromMinute, untilMinute }) => fromMinute <= minute && minute < untilMinute)
        .reduce((value, spell) => {
          const own = valueIn(spell);
          return own === undefined ? value : merge(value, own);
        }, usual),
    ]);
  return steps as unknown as TimeLine;
}

function multiplied(one: number, other: number): number {
  return Math.min(FACTOR_MAX, one * other);
}
