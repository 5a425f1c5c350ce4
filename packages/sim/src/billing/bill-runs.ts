import { lawSetupsNamed } from "../lab/laws.ts";
import { parseScenario } from "../provider-simulator/parse-scenario.ts";
import type { ScenarioInput } from "../provider-simulator/scenario-defaults.ts";
import { createWorld } from "../world/world.ts";
import { type Bill, billOf, times } from "./bill.ts";

const MINUTE_MS = 60_000;
const IDLE_MINUTES = 120;
const MINUTES_PER_MONTH = 730 * 60;

/** A provider without trouble. */
export interface CalmProvider {
  readonly maxConcurrency: number;
  readonly medianMs: number;
  readonly backlog: number;
}

/** The providers whose bill is printed: with quick calls and with slow ones, at X = 20. */
export const CALM_PROVIDERS: Readonly<Record<"quick" | "slow", CalmProvider>> = {
  quick: { maxConcurrency: 20, medianMs: 300, backlog: 20_000 },
  slow: { maxConcurrency: 20, medianMs: 5_000, backlog: 5_000 },
};

/** The bill of a million records of a backlog, without what is paid by the month. */
export async function billOfMillion({ maxConcurrency, medianMs, backlog }: CalmProvider): Promise<Bill> {
  const minutes = Math.ceil((2 * backlog * medianMs) / maxConcurrency / MINUTE_MS) + 10;
  const latency = { medianMs, sigma: 0.5, minMs: Math.min(50, medianMs), maxMs: 10 * medianMs };
  const provider = { maxConcurrency, slowAfterMs: 8 * medianMs, timeoutMs: 10 * medianMs, latency };
  const world = worldOf({ durationMinutes: minutes, backlog, provider });
  await world.run(minutes * MINUTE_MS);
  const { meter, site } = world.report();
  const fetchedCount = site.servedAtMs.length;
  if (fetchedCount < backlog) throw new RangeError(`only ${fetchedCount} of ${backlog} records were fetched`);
  const bill = billOf({ meter, provider: world.provider, rowCount: fetchedCount, months: 0 });
  return times(bill, 1e6 / fetchedCount);
}

/** The bill of a month in which nothing is to be fetched. */
export async function billOfIdleMonth(): Promise<Bill> {
  const minutes = 2 * IDLE_MINUTES;
  // One record that comes later keeps the run going.
  const world = worldOf({
    durationMinutes: minutes,
    backlog: 0,
    arrivalsPerMinute: [
      [0, 0],
      [minutes - 1, 1],
    ],
    provider: { maxConcurrency: 20 },
  });
  await world.run(IDLE_MINUTES * MINUTE_MS);
  const months = IDLE_MINUTES / MINUTES_PER_MONTH;
  const { meter } = world.report();
  return times(billOf({ meter, provider: world.provider, rowCount: 0, months }), 1 / months);
}

function worldOf(input: ScenarioInput) {
  const [setup] = lawSetupsNamed(["sluice"]);
  if (setup === undefined) throw new RangeError("there is no law of Sluice's");
  return createWorld({ scenario: parseScenario(input, "of a bill"), setup, seed: 1 });
}
