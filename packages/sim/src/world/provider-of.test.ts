import { fanOutOf } from "@sluice/core/valve";
import { expect, it } from "vitest";
import { parseScenario } from "../provider-simulator/parse-scenario.ts";
import { providerOf } from "./provider-of.ts";

const providerWith = (provider: Parameters<typeof parseScenario>[0]) =>
  providerOf(parseScenario({ provider }, "in a test"));

it("makes a contract of a scenario whose latencies outlast its timeout", () => {
  expect(providerWith({ timeoutMs: 20_000, latency: { medianMs: 1_000.4, sigma: 1 } })).toMatchObject({
    maxConcurrency: 20,
    timeoutMs: 20_000,
    latency: { medianMs: 1_000, minMs: 5, maxMs: 20_000 },
    maxAttempts: 5,
    backOff: { firstMs: 10_000, maxMs: 900_000 },
  });
});

it("takes the kind of call in the middle for the usual latency of a mix", () => {
  const mix = [
    { share: 0.05, medianMs: 20_000, sigma: 0.1 },
    { share: 0.4, medianMs: 100, sigma: 0.1 },
    { share: 0.55, medianMs: 200, sigma: 0.1 },
  ];
  expect(providerWith({ latency: { mix } }).latency.medianMs).toBe(200);
});

it("needs no fan-out up to X = 500", () => {
  expect(fanOutOf(providerWith({ maxConcurrency: 500 }))).toBe(1);
});
