import { expect, test } from "vitest";
import { runDay } from "./day.ts";
import type { DatedEvent } from "./day-event.ts";
import { drawStory } from "./draw/draw-story.ts";
import type { Story } from "./story.ts";

const CALM: Story = {
  seed: 1,
  startsAt: "2026-01-05T00:00:00Z",
  contract: {
    id: "sim",
    maxConcurrency: 4,
    slowAfterMs: 5_000,
    timeoutMs: 10_000,
    latency: { medianMs: 500, sigma: 0.5, minMs: 5, maxMs: 10_000 },
    worker: { name: "demo" },
  },
  nature: {
    overload: "reject",
    exponent: 1,
    retryAfterSeconds: null,
    poisonRatio: 0,
    rejectedRatio: 0,
    causeLength: 9,
    hasBrokenWait: false,
    fragile: null,
  },
  weather: [],
  load: [{ atMinute: 0, overMinutes: 0, lane: "records", run: "bulk", firstRecord: 0, count: 100 }],
  faults: [],
  skewMs: 0,
};

async function eventsOf(
  story: Story,
): Promise<{ readonly events: readonly string[]; readonly rules: readonly string[] }> {
  const events: string[] = [];
  const { violations } = await runDay(story, {
    onEvent: (event: DatedEvent) => events.push(JSON.stringify(event)),
  });
  return { events, rules: violations.map(({ rule }) => rule) };
}

test("fetches every record of a calm day once, and nothing else", async () => {
  const report = await runDay(CALM);
  expect(report.violations).toEqual([]);
  expect(report).toMatchObject({ recordCount: 100, requestCount: 100, struck: {} });
});

test("ends a day without records", async () => {
  const report = await runDay({ ...CALM, load: [] });
  expect(report).toMatchObject({ violations: [], recordCount: 0, requestCount: 0 });
});

/** Two days take some seconds of a core, which a busy machine may grant late. */
const BUSY_MACHINE_MS = 300_000;

test.each([1, 2, 17])(
  "goes the same way with the same seed: %i",
  async (seed) => {
    const story = drawStory(seed);
    expect(await eventsOf(story)).toEqual(await eventsOf(story));
  },
  BUSY_MACHINE_MS,
);

test("tells a day with faults from one without", async () => {
  const lost: Story = {
    ...CALM,
    faults: [{ fromMinute: 0, untilMinute: 5, kind: "lose-answers", service: "dynamodb", ratio: 0.3 }],
  };
  const { struck, violations } = await runDay(lost);
  expect(violations).toEqual([]);
  expect(struck["lose-answers"]).toBeGreaterThan(10);
});
