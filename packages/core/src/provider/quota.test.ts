import { expect, test } from "vitest";
import { ProviderInvalid, parseDeployedProvider, parseProvider } from "./parse-provider.ts";

const CONTRACT = {
  id: "acme",
  maxConcurrency: 8,
  slowAfterMs: 4_000,
  timeoutMs: 30_000,
  latency: { medianMs: 800, sigma: 0.8, minMs: 50, maxMs: 30_000 },
  worker: { name: "demo" },
};

function problemsOf(quotas: unknown): readonly string[] {
  try {
    parseProvider({ ...CONTRACT, quotas }, "acme.json");
    return [];
  } catch (thrown) {
    if (thrown instanceof ProviderInvalid) return thrown.problems;
    throw thrown;
  }
}

test("any periods go together, and a day has defaults", () => {
  const quotas = [
    { requests: 600, per: "minute" },
    { requests: 10, per: "second" },
    { requests: 50_000, per: "day" },
  ];
  const provider = parseProvider({ ...CONTRACT, quotas }, "acme.json");
  expect(provider.quotas).toEqual([
    { requests: 600, per: "minute" },
    { requests: 10, per: "second" },
    { requests: 50_000, per: "day", resetsAt: "00:00", spread: false, reserve: 0.05 },
  ]);
  expect(parseDeployedProvider(provider, "acme.json")).toEqual(provider);
});

test.each([
  ["two timeouts of a call, where turns come often", { requests: 600, per: "minute" }, 177_000],
  ["three turns", { requests: 60, per: "hour" }, 297_000],
  [
    "three turns of a day's bulk that is spread out",
    { requests: 960, per: "day", spread: true, reserve: 0.5 },
    657_000,
  ],
  ["not for a day's that is not", { requests: 960, per: "day" }, 177_000],
  ["as long as Lambda grants", { requests: 6, per: "hour" }, 900_000],
])("a ventilator has time to wait: %s", (_, quota, timeoutMs) => {
  const { ventilator, queue } = parseProvider({ ...CONTRACT, quotas: [quota] }, "acme.json");
  expect(ventilator.timeoutMs).toBe(timeoutMs);
  expect(queue.visibilityTimeoutMs).toBe(timeoutMs + 5_000);
});

test("a provider without quotas has none", () => {
  expect(parseProvider(CONTRACT, "acme.json")).not.toHaveProperty("quotas");
});

test.each([
  [
    [{ requests: 0, per: "minute" }],
    "quotas.0.requests must be a whole number from 1 to 100000000, received 0",
  ],
  [
    [{ requests: 1.5, per: "hour" }],
    "quotas.0.requests must be a whole number from 1 to 100000000, received 1.5",
  ],
  [[{ requests: 5, per: "week" }], 'quotas.0.per must be "second", "minute", "hour" or "day", received'],
  [[], "quotas must be a list of at least one quota, received []"],
  [{ requests: 5, per: "day" }, "quotas must be a list of quotas, received"],
  [
    [
      { requests: 5, per: "day" },
      { requests: 6, per: "day" },
    ],
    "quotas must name each period once, received",
  ],
  [
    [{ requests: 5, per: "minute", resetsAt: "09:00" }],
    'quotas.0.resetsAt is for a quota per day only, received "09:00"',
  ],
  [
    [{ requests: 5, per: "hour", reserve: 0.1 }],
    "quotas.0.reserve is for a quota per day only, received 0.1",
  ],
  [
    [{ requests: 5, per: "hour", spread: true }],
    "quotas.0.spread is for a quota per day only, received true",
  ],
  [[{ requests: 50, per: "day", reserve: 1 }], "quotas.0.reserve must be a number from 0 to 0.9, received 1"],
  [
    [{ requests: 50, per: "day", resetsAt: "24:00" }],
    'quotas.0.resetsAt must be a time of day, from 00:00 to 23:59, received "24:00"',
  ],
  [[{ requests: 50, per: "day", burst: 3 }], "quotas.0.burst is not an option"],
])("%j is refused", (quotas, problem) => {
  expect(problemsOf(quotas)).toEqual([expect.stringContaining(problem)]);
});
