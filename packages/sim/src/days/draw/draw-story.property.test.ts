import { parseProvider } from "@sluice/core/provider";
import fc from "fast-check";
import { expect, test } from "vitest";
import { parseScenario } from "../../provider-simulator/parse-scenario.ts";
import { storySchema } from "../story-schema.ts";
import { scenarioOf } from "../weather.ts";
import { drawStory } from "./draw-story.ts";

const seeds = fc.integer({ min: 1, max: 2 ** 31 });

test("draws the same story of the same seed", () => {
  const isRepeated = (seed: number) => {
    expect(drawStory(seed)).toEqual(drawStory(seed));
  };
  fc.assert(fc.property(seeds, isRepeated), { numRuns: 20 });
});

test("draws stories that can be stored, of contracts and weather that are legal", () => {
  fc.assert(
    fc.property(seeds, (seed) => {
      const story = drawStory(seed);
      expect(storySchema.parse(JSON.parse(JSON.stringify(story)))).toEqual(story);
      expect(() => parseProvider(story.contract, "of the story")).not.toThrow();
      expect(() => parseScenario(scenarioOf(story), "day")).not.toThrow();
    }),
    { numRuns: 300 },
  );
});

test("draws every kind of fault", () => {
  const kinds = new Set(
    Array.from({ length: 2_000 }, (_, at) => drawStory(at + 1).faults.map(({ kind }) => kind)).flat(),
  );
  expect([...kinds].sort()).toEqual([
    "away",
    "cold-starts",
    "crash",
    "delay",
    "deploy",
    "duplicates",
    "early-state",
    "fail",
    "failed-entries",
    "force",
    "foreign-answer",
    "freeze",
    "hold",
    "late-deletes",
    "late-waker",
    "lose-answers",
    "mapping-disabled",
    "mapping-edited",
    "mapping-renewed",
    "no-concurrency",
    "no-waker",
    "pin",
    "redrive",
    "slow-valve",
    "stale-counts",
    "state-deleted",
    "throttle",
    "twin-waker",
    "worker-broken",
    "wrong-address",
  ]);
});
