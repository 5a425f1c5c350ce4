import type { Scenario } from "../../provider-simulator/scenario.ts";
import { calmerLines, roundedDown, withValues } from "./lines.ts";

/** Parts of a number that are tried instead of all of it, the smallest first. */
const SHARES = [1 / 2, 3 / 4] as const;
/** Arrivals are told in tenths of a record a minute. */
const RATE_DECIMALS = 1;

/** A smaller backlog. */
export function* smallerBacklog(scenario: Scenario): Generator<Scenario> {
  const { backlog } = scenario;
  for (const share of SHARES) {
    if (backlog > 0) yield { ...scenario, backlog: Math.floor(backlog * share) };
  }
}

/** No arrivals, fewer steps of them, fewer of them. */
export function* fewerArrivals(scenario: Scenario): Generator<Scenario> {
  const { arrivalsPerMinute } = scenario;
  for (const fewer of calmerLines(arrivalsPerMinute, 0)) yield { ...scenario, arrivalsPerMinute: fewer };
  const halved = withValues(arrivalsPerMinute, (rate) => roundedDown(rate / 2, RATE_DECIMALS));
  if (halved.some(([, rate]) => rate > 0)) yield { ...scenario, arrivalsPerMinute: halved };
}

/** A smaller X with capacities in proportion: with as much less to do, or with all of it. */
export function* smallerX(scenario: Scenario): Generator<Scenario> {
  const { maxConcurrency } = scenario.provider;
  for (const share of SHARES) {
    const fewer = Math.max(1, Math.floor(maxConcurrency * share));
    if (fewer === maxConcurrency) return;
    const narrowed = withX(scenario, fewer);
    const ratio = fewer / maxConcurrency;
    yield {
      ...narrowed,
      backlog: Math.floor(scenario.backlog * ratio),
      arrivalsPerMinute: withValues(scenario.arrivalsPerMinute, (rate) =>
        roundedDown(rate * ratio, RATE_DECIMALS),
      ),
    };
    yield narrowed;
  }
}

function withX(scenario: Scenario, maxConcurrency: number): Scenario {
  const { provider } = scenario;
  const scaled = (count: number) =>
    count === 0 ? 0 : Math.max(1, Math.floor((count * maxConcurrency) / provider.maxConcurrency));
  return {
    ...scenario,
    provider: { ...provider, maxConcurrency, capacity: withValues(provider.capacity, scaled) },
  };
}
