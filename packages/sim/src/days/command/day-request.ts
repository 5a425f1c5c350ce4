import { type DayReport, runDay } from "../day.ts";
import { drawStory } from "../draw/draw-story.ts";
import type { RuleName, Violation } from "../rules/rule.ts";
import { shorten } from "../shorten.ts";
import type { Story } from "../story.ts";

/** A day as a thread is asked to run it. */
export type DayRequest =
  | { readonly kind: "run"; readonly seed: number; readonly without: readonly string[] }
  | { readonly kind: "run-story"; readonly story: Story }
  | { readonly kind: "shorten"; readonly story: Story; readonly rule: RuleName; readonly triesMax: number };

/** The answer of a thread: the day, or the shortest story that still breaks the rule. */
export type DayAnswer =
  | { readonly kind: "ran"; readonly story: Story; readonly report: DayReport }
  | { readonly kind: "shortened"; readonly story: Story };

/** Does what a request asks for. */
export async function answerDay(request: DayRequest): Promise<DayAnswer> {
  switch (request.kind) {
    case "run": {
      const story = storyWithout(drawStory(request.seed), request.without);
      return { kind: "ran", story, report: await runDay(story) };
    }
    case "run-story":
      return { kind: "ran", story: request.story, report: await runDay(request.story) };
    case "shorten": {
      const { rule, triesMax } = request;
      const isBroken = async (story: Story) => breaks(await runDay(story), rule);
      return { kind: "shortened", story: await shorten(request.story, { isBroken, triesMax }) };
    }
  }
}

/** The story without faults of some kinds; `weather` stands for all of the weather. */
export function storyWithout(story: Story, kinds: readonly string[]): Story {
  if (kinds.length === 0) return story;
  return {
    ...story,
    faults: story.faults.filter(({ kind }) => !kinds.includes(kind)),
    weather: kinds.includes("weather") ? [] : story.weather,
  };
}

function breaks({ violations }: { readonly violations: readonly Violation[] }, rule: RuleName): boolean {
  return violations.some((violation) => violation.rule === rule);
}
