import { expect, test } from "vitest";
import { drawStory } from "./draw/draw-story.ts";
import { shorten } from "./shorten.ts";
import type { Story } from "./story.ts";

const STORY: Story = {
  ...drawStory(1),
  weather: [
    { fromMinute: 0, untilMinute: 60, kind: "capacity", count: 0 },
    { fromMinute: 10, untilMinute: 20, kind: "slow", factor: 5 },
  ],
  load: [{ atMinute: 3, overMinutes: 0, lane: "records", run: "bulk", firstRecord: 0, count: 5_000 }],
  faults: [
    { fromMinute: 40, untilMinute: 90, kind: "no-waker" },
    { fromMinute: 5, untilMinute: 6, kind: "twin-waker" },
    { fromMinute: 7, untilMinute: 7, kind: "redrive" },
  ],
};

test("leaves of a story only what the breach needs", async () => {
  const isBroken = async ({ weather, load, faults }: Story) =>
    weather.some(({ kind }) => kind === "capacity") &&
    faults.some(({ kind }) => kind === "redrive") &&
    load.some(({ count }) => count >= 12);
  const shortest = await shorten(STORY, { isBroken, triesMax: 1_000 });
  expect(shortest.weather.map(({ kind }) => kind)).toEqual(["capacity"]);
  expect(shortest.faults.map(({ kind }) => kind)).toEqual(["redrive"]);
  expect(shortest.load[0]?.count).toBe(12);
  expect(shortest.weather[0]?.untilMinute).toBeLessThan(0.1);
});

test("tries no more often than it may", async () => {
  let tries = 0;
  const isBroken = async () => {
    tries += 1;
    return true;
  };
  await shorten(STORY, { isBroken, triesMax: 5 });
  expect(tries).toBe(5);
});

test("leaves a story alone that needs all it has", async () => {
  expect(await shorten(STORY, { isBroken: async () => false, triesMax: 1_000 })).toEqual(STORY);
});
