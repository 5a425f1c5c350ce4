import { describe, expect, test } from "vitest";
import { runDay } from "./day.ts";
import { keptStories } from "./kept-stories.ts";
import { readStory } from "./read-story.ts";
import { breachLine } from "./time-line.ts";

/** The longest takes twenty seconds of a core; one that is busy otherwise gets its time. */
const TIMEOUT_MS = 5 * 60_000;

describe("stories that once broke a rule", () => {
  test.each(keptStories())("$name", { timeout: TIMEOUT_MS }, async ({ path }) => {
    const story = await readStory(path);
    const { violations } = await runDay(story);
    expect(violations.map((violation) => breachLine(violation, Date.parse(story.startsAt)))).toEqual([]);
  });
});
