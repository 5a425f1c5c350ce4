import { parseProvider } from "@sluice/core/provider";
import { expect, test } from "vitest";
import { calmScenario } from "./calm-scenario.ts";
import { parseScenario, ScenarioInvalid } from "./parse-scenario.ts";
import { DEFAULT_SCENARIO } from "./scenario-defaults.ts";

const BLACKOUT = {
  name: "blackout-24min",
  durationMinutes: 120,
  backlog: 200_000,
  arrivalsPerMinute: [[0, 0]],
  provider: {
    maxConcurrency: 20,
    slowAfterMs: 5_000,
    timeoutMs: 30_000,
    latency: { medianMs: 1_000, sigma: 0.8, minMs: 5, maxMs: 70_000 },
    capacity: [
      [0, 20],
      [30, 0],
      [54, 20],
    ],
    overload: { mode: "reject", exponent: 1.5, retryAfterSeconds: null },
    faultRatio: [[0, 0]],
    latencyFactor: [[0, 1]],
    poisonRatio: 0,
    fragile: null,
  },
  valve: { updateDelaySeconds: [20, 60], overheadMs: 40 },
  observers: { lateRatio: 0.01, lostRatio: 0, duplicateRatio: 0 },
};

const calm = calmScenario(
  parseProvider(
    {
      id: "acme",
      maxConcurrency: 8,
      slowAfterMs: 900,
      timeoutMs: 3_000,
      latency: { medianMs: 40, sigma: 0.5, minMs: 5, maxMs: 2_000 },
      worker: { name: "http-json" },
    },
    "acme",
  ),
);

test("takes a complete scenario as it is", () => {
  const scenario = parseScenario(BLACKOUT, "blackout.json");
  expect(scenario).toEqual({ ...BLACKOUT, provider: { ...BLACKOUT.provider, rejectedRatio: 0 } });
});

test("fills in whatever a short one leaves out", () => {
  expect(parseScenario({}, "calm.json")).toEqual({ ...DEFAULT_SCENARIO, name: "calm.json" });
  const { provider } = parseScenario(
    { provider: { maxConcurrency: 3, latency: { medianMs: 10 }, overload: { retryAfterSeconds: 9 } } },
    "short.json",
  );
  expect(provider).toEqual({
    ...DEFAULT_SCENARIO.provider,
    maxConcurrency: 3,
    capacity: [[0, 3]],
    latency: { medianMs: 10, sigma: 0.8, minMs: 5, maxMs: 70_000 },
    overload: { mode: "reject", exponent: 1.5, retryAfterSeconds: 9 },
  });
});

test("takes what is left out from the provider's calm day, if told to", () => {
  const capacity = [
    [0, 8],
    [1, 0],
  ];
  const scenario = parseScenario({ name: "storm", provider: { capacity } }, "storm.json", calm);
  expect(scenario).toEqual({ ...calm, name: "storm", provider: { ...calm.provider, capacity } });
});

test("a calm day is the contract's, with a few bad records", () => {
  expect(calm.provider).toMatchObject({
    maxConcurrency: 8,
    slowAfterMs: 900,
    timeoutMs: 3_000,
    latency: { medianMs: 40, sigma: 0.5, minMs: 5, maxMs: 2_000 },
    capacity: [[0, 8]],
    faultRatio: [[0, 0]],
    poisonRatio: 0.001,
    rejectedRatio: 0.001,
  });
  expect(parseScenario(calm, "calm")).toEqual(calm);
});

test("takes a mix of latencies", () => {
  const mix = [
    { share: 0.9, medianMs: 100, sigma: 0.2 },
    { share: 0.1, medianMs: 9_000, sigma: 1 },
  ];
  const { latency } = parseScenario({ provider: { latency: { mix } } }, "mix.json").provider;
  expect(latency).toEqual({ mix, minMs: 5, maxMs: 70_000 });
});

test.each<[problem: string, scenario: unknown]>([
  ["the definition must be an object of options, received []", []],
  ["weather is not an option", { weather: "fine" }],
  ['durationMinutes must be a number from 0.1 to 10080, received "long"', { durationMinutes: "long" }],
  ["backlog must be a whole number from 0 to 10000000, received 1.5", { backlog: 1.5 }],
  ["provider.maxConcurrency must be a whole number from 1 to 1000, received 0", of({ maxConcurrency: 0 })],
  ["provider.poisonRatio must be a number from 0 to 1, received 2", of({ poisonRatio: 2 })],
  ["provider.capacity must be steps [[0, value], [minute, value], …], received 20", of({ capacity: 20 })],
  ["provider.capacity.0 must be a step [minute, value], received nothing", of({ capacity: [] })],
  ["provider.capacity.1 must be a step [minute, value], received [1]", of({ capacity: [[0, 1], [1]] })],
  ["provider.faultRatio.0.1 must be a number from 0 to 1, received 25", of({ faultRatio: [[0, 25]] })],
  ["provider.capacity must start at minute 0, received [[1,20]]", of({ capacity: [[1, 20]] })],
  [
    "provider.capacity must have ascending minutes, received [[0,20],[9,0],[9,20]]",
    of({
      capacity: [
        [0, 20],
        [9, 0],
        [9, 20],
      ],
    }),
  ],
  [
    'provider.overload.mode must be reject, stretch, collapse or hang, received "explode"',
    of({ overload: { mode: "explode" } }),
  ],
  ["provider.fragile must be { downMinutes, rampPerMinute } or null, received true", of({ fragile: true })],
  ["provider.latency must have either medianMs or mix", of({ latency: { sigma: 1 } })],
  [
    "provider.latency.medianMs must be from provider.latency.minMs (5) to provider.latency.maxMs (70000), received 1",
    of({ latency: { medianMs: 1 } }),
  ],
  [
    "provider.latency.mix must have shares that add up to 1, received 0.5",
    of({ latency: { mix: [{ share: 0.5, medianMs: 100, sigma: 1 }] } }),
  ],
  [
    "provider.latency.mix.0.medianMs must be from provider.latency.minMs (500)",
    of({ latency: { mix: [{ share: 1, medianMs: 100, sigma: 1 }], minMs: 500 } }),
  ],
  [
    "provider.slowAfterMs must be at most provider.timeoutMs (100), received 200",
    of({ slowAfterMs: 200, timeoutMs: 100 }),
  ],
  [
    "provider.rejectedRatio must be at most 1 - provider.poisonRatio (0.6), received 0.5",
    of({ poisonRatio: 0.6, rejectedRatio: 0.5 }),
  ],
  [
    "valve.updateDelaySeconds must be [min, max] with min at most max, received [60, 20]",
    { valve: { updateDelaySeconds: [60, 20] } },
  ],
])("refuses: %s", (problem, scenario) => {
  const parse = () => parseScenario(scenario, "storm.json");
  expect(parse).toThrow(ScenarioInvalid);
  expect(parse).toThrow(`Scenario storm.json is invalid:\n  ${problem}`);
});

function of(provider: unknown): unknown {
  return { provider };
}
