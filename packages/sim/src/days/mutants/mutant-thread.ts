import { registerHooks } from "node:module";
import { parentPort, workerData } from "node:worker_threads";
import type { RuleName } from "../rules/rule.ts";
import { type Mutant, mutated } from "./mutant.ts";

/** A mutant to be caught, and the seeds to catch it with. */
export interface MutantHunt {
  readonly mutant: Mutant;
  readonly fromSeed: number;
  readonly seedsMax: number;
}

/** The end of a hunt: the first breach, or undefined if the mutant has survived. */
export interface MutantCatch {
  readonly caught?: { readonly rule: RuleName; readonly seed: number; readonly what: string };
  /** Days that it took. */
  readonly days: number;
}

if (parentPort === null) throw new TypeError("this is the body of a worker thread");
const { mutant, fromSeed, seedsMax } = workerData as MutantHunt;
Error.stackTraceLimit = 0;

registerHooks({
  load(url, context, nextLoad) {
    const loaded = nextLoad(url, context);
    if (!url.endsWith(`/${mutant.file}`)) return loaded;
    return { ...loaded, source: mutated(String(loaded.source), mutant) };
  },
});

// Loaded after the hook is there, so that the mutant is in it.
const { hunt } = await import("./hunt.ts");
parentPort.postMessage(await hunt(fromSeed, seedsMax));
