import type { ProviderInput, QuotaInput } from "@sluice/core/provider";
import { describe, expect, test } from "vitest";
import { createDay } from "./create-day.ts";
import type { Story } from "./story.ts";

const MINUTE_MS = 60_000;
const BUSY_MACHINE_MS = 300_000;
/** A waker sees a new contract within a minute, and a valve takes up to one to open. */
const VALVE_MINUTES = 2.5;
/** A record that a batch has handed back before is looked at again by then. */
const HIDDEN_MINUTES = 15 + VALVE_MINUTES;

type Terms = Pick<ProviderInput, "quotas" | "windows">;

/** A deploy on a calm day, and all that is fetched of a backlog until some minute of it. */
interface Deploy {
  readonly before: Terms;
  readonly after: Terms;
  readonly atMinute: number;
  readonly untilMinute: number;
  readonly recordCount: number;
}

/** The minutes of all starts after the deploy, counted from it, and the records that are left at the end. */
async function runDeploy({ before, after, atMinute, untilMinute, recordCount }: Deploy) {
  const story: Story = {
    seed: 1,
    startsAt: "2026-01-05T00:00:00Z",
    contract: {
      id: "sim",
      timeZone: "UTC",
      maxConcurrency: 5,
      slowAfterMs: 5_000,
      timeoutMs: 10_000,
      latency: { medianMs: 300, sigma: 0.5, minMs: 5, maxMs: 5_000 },
      worker: { name: "demo" },
      ...before,
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
    load: [{ atMinute: 0, overMinutes: 0, lane: "records", run: "bulk", firstRecord: 0, count: recordCount }],
    faults: [{ kind: "deploy", fromMinute: atMinute, untilMinute: atMinute, contract: after }],
    skewMs: 2_000,
  };
  const startedAtMs: number[] = [];
  const { parts, judge } = createDay(story, {
    onEvent: ({ kind, atMs }) => void (kind === "started" && startedAtMs.push(atMs)),
  });
  const { clock, startMs, queues } = parts;
  await clock.run(startMs + untilMinute * MINUTE_MS);
  const queued = new Set(queues.queued());
  judge.atEnd({ atMs: clock.nowMs(), queued, lettered: new Set(queues.lettered()) });
  const minutes = startedAtMs.map((atMs) => (atMs - startMs) / MINUTE_MS - atMinute);
  return {
    beforeCount: minutes.filter((minute) => minute < 0).length,
    afterMinutes: minutes.filter((minute) => minute >= 0),
    leftCount: queued.size,
    // What the others say of steering is about the contract that the story begins with.
    broken: judge.violations.filter(({ rule }) => rule !== "no-churn"),
  };
}

const perDay = (requests: number, more: Partial<QuotaInput> = {}): Terms => ({
  quotas: [{ requests, per: "day", reserve: 0, ...more } as QuotaInput],
});
const perMinute: Terms = { quotas: [{ requests: 600, per: "minute" }] };
const closed = (from: string, to: string): Terms => ({
  windows: { closed: [{ days: ["mon-sun"], from, to }] },
});

describe("a deploy", () => {
  test.each<[string, Terms, Terms, number?]>([
    ["opens a window hours earlier", closed("00:01", "08:00"), closed("20:00", "21:00"), 1_000],
    [
      "raises the quota from one an hour to ten a second",
      { quotas: [{ requests: 1, per: "hour" }] },
      perMinute,
    ],
    ["raises a day's quota that is used up", perDay(50), perDay(5_000)],
    ["puts a minute's quota in the place of a day's that is used up", perDay(50), perMinute],
    ["puts a minute's quota in the place of a day's that is spread", perDay(20, { spread: true }), perMinute],
  ])(
    "that %s is felt in minutes by what waits, and nothing is lost or exceeded",
    async (_, before, after) => {
      const recordCount = 1_500;
      const run = await runDeploy({ before, after, atMinute: 20, untilMinute: 45, recordCount });
      expect(run.beforeCount).toBeLessThan(recordCount);
      expect(run.afterMinutes[0]).toBeLessThan(VALVE_MINUTES);
      expect(run.afterMinutes.at(-1)).toBeLessThan(HIDDEN_MINUTES);
      expect(run).toMatchObject({ leftCount: 0, broken: [] });
    },
    BUSY_MACHINE_MS,
  );

  test(
    "that closes a window stops the starts within a minute, and they come again when it opens",
    async () => {
      const after = closed("00:01", "00:30");
      const run = await runDeploy({ before: {}, after, atMinute: 2, untilMinute: 60, recordCount: 2_400 });
      const closedMinutes = run.afterMinutes.filter((minute) => minute > 1 && minute < 28);
      expect(closedMinutes).toEqual([]);
      expect(run.afterMinutes.find((minute) => minute > 1)).toBeLessThan(28 + 5 / 60);
      expect(run).toMatchObject({ leftCount: 0, broken: [] });
    },
    BUSY_MACHINE_MS,
  );

  test(
    "that moves the reset of a day's quota begins no day anew in which it is used up already",
    async () => {
      const before = perDay(100, { resetsAt: "23:00" } as Partial<QuotaInput>);
      const run = await runDeploy({
        before,
        after: perDay(100),
        atMinute: 20,
        untilMinute: 24 * 60 + 10,
        recordCount: 150,
      });
      expect(run.beforeCount).toBe(100);
      expect(run.afterMinutes.filter((minute) => minute < 24 * 60 - 20)).toEqual([]);
      expect(run.afterMinutes).toHaveLength(50);
      expect(run).toMatchObject({ leftCount: 0, broken: [] });
    },
    BUSY_MACHINE_MS,
  );
});
