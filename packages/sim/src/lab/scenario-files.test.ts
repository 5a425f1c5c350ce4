import { readdir, readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { drawLatencyMs } from "../provider-simulator/latency.ts";
import { readScenario } from "../provider-simulator/read-scenario.ts";
import type { Scenario } from "../provider-simulator/scenario.ts";
import { createSeededRandom } from "../provider-simulator/seeded-random.ts";
import { type TimeLine, valueAt } from "../provider-simulator/time-line.ts";

const FOLDERS = ["tuning", "frozen"] as const;
const KIND_COUNT = 32;
const RECORDS_MAX = 150_000;
const FAULTS_WHEN_CALM = 0.01;

interface ScenarioFile {
  readonly folder: (typeof FOLDERS)[number];
  readonly stem: string;
  readonly kind: number;
  readonly scenario: Scenario;
}

const home = new URL("../../scenarios/", import.meta.url);
const kinds = kindsOf(await readFile(new URL("README.md", home), "utf8"));
const files = (await Promise.all(FOLDERS.map(filesIn))).flat();
const isCalm = ({ stem }: ScenarioFile) => stem.startsWith("calm-");

test("each file is named after its stem, once over both folders", () => {
  expect(files.map(({ scenario }) => scenario.name)).toEqual(files.map(({ stem }) => stem));
  expect(new Set(files.map(({ stem }) => stem)).size).toBe(files.length);
});

test("the README lists each file and no other", () => {
  expect([...kinds.keys()].toSorted()).toEqual(files.map(pathOf).toSorted());
});

test("48 scenarios to tune on and 50 frozen ones, each kind in both", () => {
  const counts = FOLDERS.map((folder) => files.filter((file) => file.folder === folder).length);
  expect(counts).toEqual([48, 50]);
  const everyKind = Array.from({ length: KIND_COUNT }, (_, at) => at + 1);
  for (const folder of FOLDERS) {
    const covered = new Set(files.filter((file) => file.folder === folder).map(({ kind }) => kind));
    expect([...covered].toSorted((one, other) => one - other)).toEqual(everyKind);
  }
});

test("no frozen scenario has the contract and the weather of one to tune on", () => {
  const fingerprint = ({ provider }: Scenario) => JSON.stringify([provider.maxConcurrency, provider.latency]);
  const tuned = new Set(
    files.filter(({ folder }) => folder === "tuning").map((file) => fingerprint(file.scenario)),
  );
  const repeated = files.filter((file) => file.folder === "frozen" && tuned.has(fingerprint(file.scenario)));
  expect(repeated.map(pathOf)).toEqual([]);
});

test.each(files.map((file) => [pathOf(file), file] as const))(
  "%s: no call of usual length is cut off by the timeout",
  (_, { scenario: { provider } }) => {
    const factorMax = Math.max(...valuesOf(provider.latencyFactor));
    expect(provider.timeoutMs).toBeGreaterThanOrEqual(provider.latency.maxMs * factorMax);
  },
);

test.each(files.filter(isCalm).map((file) => [pathOf(file), file] as const))(
  "%s: nothing is wrong",
  (_, { scenario: { provider } }) => {
    expect(Math.min(...valuesOf(provider.capacity))).toBeGreaterThanOrEqual(provider.maxConcurrency);
    expect(Math.max(...valuesOf(provider.faultRatio))).toBeLessThanOrEqual(FAULTS_WHEN_CALM);
    expect(provider).toMatchObject({ poisonRatio: 0, rejectedRatio: 0, fragile: null });
  },
);

test("calm weather: nothing, tiny X, big X, heavy tails, very short and very long calls", () => {
  const calmKinds = new Set(files.filter(isCalm).map(({ kind }) => kind));
  expect([...calmKinds].toSorted((one, other) => one - other)).toEqual([1, 2, 15, 16, 17, 18]);
});

test.each(files.map((file) => [pathOf(file), file] as const))(
  "%s: asks no more than 150,000 records of the simulator",
  (_, { scenario }) => {
    const offeredCount = scenario.backlog + arrivalCount(scenario);
    expect(Math.min(offeredCount, idealCount(scenario))).toBeLessThanOrEqual(RECORDS_MAX);
  },
);

function kindsOf(readme: string): ReadonlyMap<string, number> {
  const rows = readme.matchAll(/^\| \[([\w-]+)\]\((\w+)\/([\w-]+)\.json\) \| (\d+) /gm);
  return new Map(
    [...rows].map(([, label, folder, stem, kind]) => {
      expect(label).toBe(stem);
      return [`${folder}/${stem}`, Number(kind)];
    }),
  );
}

async function filesIn(folder: (typeof FOLDERS)[number]): Promise<ScenarioFile[]> {
  const names = await readdir(new URL(`${folder}/`, home));
  return Promise.all(
    names.map(async (name) => {
      const stem = name.replace(/\.json$/, "");
      const scenario = await readScenario(fileURLToPath(new URL(`${folder}/${name}`, home)));
      return { folder, stem, scenario, kind: kinds.get(`${folder}/${stem}`) ?? 0 };
    }),
  );
}

function pathOf({ folder, stem }: ScenarioFile): string {
  return `${folder}/${stem}`;
}

function valuesOf(line: TimeLine): number[] {
  return line.map(([, value]) => value);
}

function arrivalCount({ arrivalsPerMinute, durationMinutes }: Scenario): number {
  return sumOverMinutes(durationMinutes, (minute) => valueAt(arrivalsPerMinute, minute));
}

/** Calls that end if min(X, capacity) are always in flight. */
function idealCount({ durationMinutes, provider }: Scenario): number {
  const random = createSeededRandom(1);
  const drawCount = 20_000;
  let sumMs = 0;
  for (let draw = 0; draw < drawCount; draw += 1) sumMs += drawLatencyMs(provider.latency, random);
  const perMinute = 60_000 / (sumMs / drawCount);
  return sumOverMinutes(durationMinutes, (minute) => {
    const inFlightCount = Math.min(provider.maxConcurrency, valueAt(provider.capacity, minute));
    return (inFlightCount * perMinute) / valueAt(provider.latencyFactor, minute);
  });
}

function sumOverMinutes(durationMinutes: number, valueAtMinute: (minute: number) => number): number {
  const stepMinutes = 0.1;
  let sum = 0;
  for (let minute = 0; minute < durationMinutes; minute += stepMinutes)
    sum += valueAtMinute(minute) * stepMinutes;
  return sum;
}
