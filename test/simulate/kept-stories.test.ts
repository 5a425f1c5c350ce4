import { beforeAll, describe, expect, test } from "vitest";
import type { DayReport } from "../../packages/sim/src/days/day.ts";
import { keptStories } from "../../packages/sim/src/days/kept-stories.ts";
import { readStory } from "../../packages/sim/src/days/read-story.ts";
import { breachLine } from "../../packages/sim/src/days/time-line.ts";
import { runDays } from "./run-days.ts";

/** A minute on two cores is the plan; a machine that is busy otherwise gets its time. */
const TIMEOUT_MS = 15 * 60_000;

const kept = keptStories();

describe("stories that once broke a rule", () => {
  const reports = new Map<string, DayReport>();
  beforeAll(async () => {
    const requests = kept.map(async ({ name, path }) => ({
      kind: "run-story" as const,
      story: await readStory(path),
      name,
    }));
    await runDays(await Promise.all(requests), ({ report }, { name }) => reports.set(name, report));
  }, TIMEOUT_MS);

  test.each(kept)("$name", async ({ name, path }) => {
    const startsAtMs = Date.parse((await readStory(path)).startsAt);
    const violations = reports.get(name)?.violations;
    expect(violations?.map((violation) => breachLine(violation, startsAtMs))).toEqual([]);
  });
});
