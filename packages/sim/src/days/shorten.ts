import type { ProviderInput } from "@sluice/core/provider";
import { shrink } from "../shrinking/shrink.ts";
import { without } from "../shrinking/without.ts";
import type { Fault, Load, Spell, Story } from "./story.ts";

/** Limits of the search for a shorter story. */
export interface ShorteningOptions {
  /** True if a story still breaks the rule. */
  isBroken(story: Story): Promise<boolean>;
  /** Most stories that are tried. */
  readonly triesMax: number;
  readonly signal?: AbortSignal;
}

/**
 * Looks for the shortest story that still breaks a rule: without what it does not need, with fewer records, with
 * shorter faults.
 */
export async function shorten(
  story: Story,
  { isBroken, triesMax, signal }: ShorteningOptions,
): Promise<Story> {
  const { smallest } = await shrink(story, {
    // As one change: after each step the search begins again with what leaves out most.
    changes: [shorterThan],
    isStillBad: isBroken,
    triesMax,
    ...(signal && { signal }),
  });
  return smallest;
}

/** Stories a little shorter, those that leave out most first. */
function* shorterThan(story: Story): Generator<Story> {
  const { faults, weather, load, nature, contract } = story;
  for (const kept of without(faults)) yield { ...story, faults: kept };
  for (const kept of without(weather)) yield { ...story, weather: kept };
  for (const kept of without(load)) yield { ...story, load: kept };
  for (const [at, part] of load.entries()) {
    for (const smaller of smallerLoads(part)) yield { ...story, load: replaced(load, at, smaller) };
  }
  if (nature.poisonRatio > 0) yield { ...story, nature: { ...nature, poisonRatio: 0 } };
  if (nature.rejectedRatio > 0) yield { ...story, nature: { ...nature, rejectedRatio: 0 } };
  if (nature.fragile !== null) yield { ...story, nature: { ...nature, fragile: null } };
  if (nature.causeLength > 9) yield { ...story, nature: { ...nature, causeLength: 9 } };
  if (nature.hasBrokenWait) yield { ...story, nature: { ...nature, hasBrokenWait: false } };
  if (nature.retryAfterSeconds !== null) yield { ...story, nature: { ...nature, retryAfterSeconds: null } };
  if (story.skewMs > 0) yield { ...story, skewMs: 0 };
  if (contract.latency.sigma > 0) yield withContract(story, { latency: { ...contract.latency, sigma: 0 } });
  for (const [at, fault] of faults.entries()) {
    for (const shorter of shorterSpans(fault)) yield { ...story, faults: replaced(faults, at, shorter) };
  }
  for (const [at, spell] of weather.entries()) {
    for (const shorter of shorterSpans(spell)) yield { ...story, weather: replaced(weather, at, shorter) };
  }
}

function* smallerLoads(load: Load): Generator<Load> {
  const { count, overMinutes, atMinute } = load;
  if (count > 3) yield { ...load, count: Math.floor(count / 3) };
  if (count > 1) yield { ...load, count: count - Math.max(1, Math.floor(count / 8)) };
  if (overMinutes > 0) yield { ...load, overMinutes: 0 };
  if (atMinute > 0) yield { ...load, atMinute: 0 };
}

function* shorterSpans<Part extends Fault | Spell>(part: Part): Generator<Part> {
  const { fromMinute, untilMinute } = part;
  if (untilMinute - fromMinute > 0.05)
    yield { ...part, untilMinute: fromMinute + (untilMinute - fromMinute) / 2 };
  if (fromMinute <= 0.5) return;
  const earlierMinutes = fromMinute / 2;
  yield { ...part, fromMinute: fromMinute - earlierMinutes, untilMinute: untilMinute - earlierMinutes };
}

function replaced<T>(parts: readonly T[], at: number, part: T): readonly T[] {
  return parts.with(at, part);
}

function withContract(story: Story, change: Partial<ProviderInput>): Story {
  return { ...story, contract: { ...story.contract, ...change } };
}
