import { readFileSync } from "node:fs";
import { parseProvider } from "@sluice/core/provider";
import { expect, test } from "vitest";
import { stormOf } from "./storm.ts";
import { weatherSpansOf } from "./weather-spans.ts";

const demo = JSON.parse(readFileSync("packages/core/src/provider/catalog/demo.json", "utf8"));
const { scenario } = stormOf(parseProvider(demo, "demo"));

test("a storm goes through its stages, without a gap, to the end of the run", () => {
  const spans = weatherSpansOf(scenario.provider, { durationMs: 80_000, providerAheadMs: 0 });
  expect(spans).toEqual([
    { name: "healthy", isFair: true, fromMs: 0, untilMs: 18_000 },
    { name: "brownout", isFair: false, fromMs: 18_000, untilMs: 33_000 },
    { name: "outage", isFair: false, fromMs: 33_000, untilMs: 53_000 },
    { name: "slow recovery", isFair: false, fromMs: 53_000, untilMs: 68_000 },
    { name: "healthy", isFair: true, fromMs: 68_000, untilMs: 80_000 },
  ]);
});

test("a provider that was there before the run is that much further on", () => {
  const [, brownout] = weatherSpansOf(scenario.provider, { durationMs: 80_000, providerAheadMs: 3_000 });
  expect(brownout).toMatchObject({ name: "brownout", fromMs: 15_000, untilMs: 30_000 });
});

test("a run of no time has no weather, and one of a day no more looks than it can use", () => {
  expect(weatherSpansOf(scenario.provider, { durationMs: 0, providerAheadMs: 0 })).toEqual([]);
  const day = weatherSpansOf(scenario.provider, { durationMs: 86_400_000, providerAheadMs: 0 });
  expect(day.at(-1)).toMatchObject({ name: "healthy", untilMs: 86_400_000 });
});
