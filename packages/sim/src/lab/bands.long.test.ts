import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { readScenario } from "../provider-simulator/read-scenario.ts";
import { lawSetupsNamed } from "./laws.ts";
import { idealOf, type LabResult, runCase } from "./run-case.ts";

/** Figures that the lab must show of the Sluice law, with room for what tuning may shift: a band, not a value. */
interface Bands {
  readonly goodput: readonly [min: number, max: number];
  readonly harmMax: number;
  readonly valveUpdatesPerHourMax: number;
  readonly trips: readonly [min: number, max: number];
  readonly cutsMax?: number;
  readonly tripSecondsMax?: number;
  readonly restore90SecondsMax?: number;
}

const CALM: Bands = {
  goodput: [0.95, 1.01],
  harmMax: 0,
  valveUpdatesPerHourMax: 5,
  trips: [0, 0],
  cutsMax: 0,
};

const SCENARIOS: readonly [file: string, bands: Bands][] = [
  ["tuning/calm-tail-sigma20-x24", CALM],
  ["tuning/calm-5ms-x10", CALM],
  ["tuning/calm-x1", CALM],
  ["frozen/calm-63s-x12", CALM],
  [
    "tuning/blackout-fast-3min-x16",
    {
      goodput: [0.93, 1.01],
      harmMax: 10,
      valveUpdatesPerHourMax: 10,
      trips: [1, 2],
      tripSecondsMax: 10,
      restore90SecondsMax: 240,
    },
  ],
  [
    "tuning/blackout-hang-25min-x12",
    {
      goodput: [0.93, 1.01],
      harmMax: 10,
      valveUpdatesPerHourMax: 10,
      trips: [1, 2],
      tripSecondsMax: 120,
      restore90SecondsMax: 240,
    },
  ],
  [
    "tuning/step-stretch15-20-6",
    { goodput: [0.85, 1.05], harmMax: 80, valveUpdatesPerHourMax: 20, trips: [0, 0] },
  ],
  ["tuning/gray-25pc-x16", { goodput: [0.93, 1.01], harmMax: 1, valveUpdatesPerHourMax: 5, trips: [0, 0] }],
  ["frozen/poison-1pc-x12", { goodput: [0.93, 1.01], harmMax: 1, valveUpdatesPerHourMax: 5, trips: [0, 0] }],
];

const SCENARIO_FOLDER = fileURLToPath(new URL("../../scenarios/", import.meta.url));
const SEED = 1;
/** A scenario computes for up to 45 s on a machine with other work. */
const TIMEOUT_MS = 240_000;

async function run(file: string, law: string): Promise<LabResult> {
  const scenario = await readScenario(`${SCENARIO_FOLDER}${file}.json`);
  const [setup] = lawSetupsNamed([law]);
  if (setup === undefined) throw new Error(`no law ${law}`);
  const { result } = await runCase({ scenario, setup, seed: SEED, hasTrace: false }, idealOf(scenario, SEED));
  return result;
}

describe("our law in the lab", { timeout: TIMEOUT_MS }, () => {
  test.each(SCENARIOS)("%s stays within its bands", async (file, bands) => {
    const result = await run(file, "sluice");
    expect(result).toMatchObject({
      boundViolations: 0,
      healthyDeadLettered: 0,
      duplicateFetches: 0,
      stuck: false,
    });
    expect(result.goodput).toBeGreaterThanOrEqual(bands.goodput[0]);
    expect(result.goodput).toBeLessThanOrEqual(bands.goodput[1]);
    expect(result.harm).toBeLessThanOrEqual(bands.harmMax);
    expect(result.valveUpdatesPerHour).toBeLessThanOrEqual(bands.valveUpdatesPerHourMax);
    expect(result.trips).toBeGreaterThanOrEqual(bands.trips[0]);
    expect(result.trips).toBeLessThanOrEqual(bands.trips[1]);
    expect(result.cuts).toBeLessThanOrEqual(bands.cutsMax ?? Number.POSITIVE_INFINITY);
    expect(result.tripSeconds ?? 0).toBeLessThanOrEqual(bands.tripSecondsMax ?? Number.POSITIVE_INFINITY);
    expect(result.restore90Seconds ?? 0).toBeLessThanOrEqual(
      bands.restore90SecondsMax ?? Number.POSITIVE_INFINITY,
    );
  });

  test("uses the concurrency that a batch of ten with a barrier leaves idle", async () => {
    const result = await run("tuning/calm-tail-sigma20-x24", "original");
    expect(result.goodput).toBeLessThan(0.35);
  });
});
