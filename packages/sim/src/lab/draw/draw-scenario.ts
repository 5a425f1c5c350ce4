import { lotsFor } from "../../provider-simulator/lots.ts";
import { parseScenario } from "../../provider-simulator/parse-scenario.ts";
import type { Scenario } from "../../provider-simulator/scenario.ts";
import { drawLoad } from "./draw-load.ts";
import { drawProvider } from "./draw-provider.ts";
import { drawWeather } from "./draw-weather.ts";

/** Updates of mappings in seconds: as AWS was seen to do it, in half of the scenarios, or quicker, or slower. */
const UPDATE_DELAYS = [
  [20, 60],
  [20, 60],
  [20, 60],
  [2, 10],
  [30, 90],
  [60, 180],
] as const;

/**
 * Draws the scenario of a seed, out of everything that a scenario can say. It has at most 30,000 records, so that
 * hundreds of scenarios take minutes: what is beyond shows nothing new.
 */
export function drawScenario(seed: number): Scenario {
  const lots = lotsFor(seed, "scenario");
  const durationMinutes = Math.round(lots.logBetween(20, 180));
  const contract = drawProvider(lotsFor(seed, "provider"));
  const load = drawLoad({ ...contract, durationMinutes }, lotsFor(seed, "load"));
  const times = { durationMinutes, busyMinutes: load.busyMinutes };
  const weather = drawWeather(contract.maxConcurrency, times, lotsFor(seed, "weather"));
  const { overheadMs, updateDelaySeconds, observers } = {
    overheadMs: lots.pick([10, 40, 40, 200]),
    updateDelaySeconds: lots.pick(UPDATE_DELAYS),
    observers: drawObservers(lots.chance(0.25), lots.pick([0.01, 0.05, 0.2])),
  };
  return parseScenario(
    {
      name: `random-${seed}`,
      durationMinutes,
      backlog: load.backlog,
      arrivalsPerMinute: load.arrivalsPerMinute,
      provider: { ...contract, ...weather },
      valve: { updateDelaySeconds, overheadMs },
      observers,
    },
    `of seed ${seed}`,
  );
}

function drawObservers(isLossy: boolean, ratio: number): Scenario["observers"] {
  return isLossy
    ? { lateRatio: ratio, lostRatio: ratio, duplicateRatio: ratio }
    : { lateRatio: 0.01, lostRatio: 0, duplicateRatio: 0 };
}
