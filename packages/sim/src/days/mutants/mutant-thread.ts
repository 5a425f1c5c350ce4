import { registerHooks } from "node:module";
import { parentPort, workerData } from "node:worker_threads";
import { mutated } from "./mutant.ts";
import type { MutantHunt } from "./mutant-hunt.ts";

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
