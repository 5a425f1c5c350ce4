import { runDay } from "../day.ts";
import { drawStory } from "../draw/draw-story.ts";
import { keptStories } from "../kept-stories.ts";
import { readStory } from "../read-story.ts";
import type { Story } from "../story.ts";
import type { CaughtBy, MutantCatch } from "./mutant-hunt.ts";

/** Simulates days until a rule breaks: drawn ones, then the kept stories, which are rarer than any drawn day. */
export async function hunt(fromSeed: number, seedsMax: number): Promise<MutantCatch> {
  for (let days = 1; days <= seedsMax; days += 1) {
    const seed = fromSeed + days - 1;
    const caught = await breachOf(drawStory(seed), { seed });
    if (caught !== undefined) return { caught, days };
  }
  for (const { name, path } of keptStories()) {
    const caught = await breachOf(await readStory(path), { story: name });
    if (caught !== undefined) return { caught, days: seedsMax };
  }
  return { days: seedsMax };
}

async function breachOf(story: Story, by: CaughtBy): Promise<MutantCatch["caught"]> {
  const { violations } = await runDay(story, { stopsAtBreach: true });
  const [first] = violations;
  return first === undefined ? undefined : { ...by, rule: first.rule, what: first.what };
}
