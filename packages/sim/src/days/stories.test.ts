import { readdirSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { runDay } from "./day.ts";
import { readStory } from "./read-story.ts";
import { breachLine } from "./time-line.ts";

const FOLDER = new URL("../../stories/", import.meta.url);
const FILES = readdirSync(FOLDER).filter((name) => name.endsWith(".json"));

describe("stories that once broke a rule", () => {
  test.each(FILES)("%s", async (name) => {
    const story = await readStory(new URL(name, FOLDER).pathname);
    const { violations } = await runDay(story);
    expect(violations.map((violation) => breachLine(violation, Date.parse(story.startsAt)))).toEqual([]);
  });
});
