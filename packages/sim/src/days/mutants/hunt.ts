import { runDay } from "../day.ts";
import { drawStory } from "../draw/draw-story.ts";
import type { MutantCatch } from "./mutant-hunt.ts";

/** Simulates days until a rule breaks. */
export async function hunt(fromSeed: number, seedsMax: number): Promise<MutantCatch> {
  for (let days = 1; days <= seedsMax; days += 1) {
    const seed = fromSeed + days - 1;
    const { violations } = await runDay(drawStory(seed), { stopsAtBreach: true });
    const [first] = violations;
    if (first !== undefined) return { caught: { rule: first.rule, seed, what: first.what }, days };
  }
  return { days: seedsMax };
}
