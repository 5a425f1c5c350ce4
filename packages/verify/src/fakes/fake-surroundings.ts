import { systemClock } from "@sluice/aws/system-clock";
import { systemIds } from "@sluice/aws/system-ids";
import type { Surroundings } from "../surroundings.ts";

/** Surroundings that keep what they are told. */
export interface FakeSurroundings extends Surroundings {
  /** The report. */
  readonly printed: string[];
  readonly told: string[];
}

/** Surroundings on this machine's clock, with nobody at a terminal unless `changes` bring one. */
export function fakeSurroundings(changes: Partial<Surroundings> = {}): FakeSurroundings {
  const printed: string[] = [];
  const told: string[] = [];
  return {
    variables: {},
    clock: systemClock,
    ids: systemIds,
    interrupt: new AbortController().signal,
    out: (text) => void printed.push(text),
    tell: (line) => void told.push(line),
    ask: async () => undefined,
    isTerminal: false,
    ...changes,
    printed,
    told,
  };
}
