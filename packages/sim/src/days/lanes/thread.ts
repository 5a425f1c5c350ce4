import { registerHooks } from "node:module";
import { parentPort, workerData } from "node:worker_threads";
import { mutated } from "../mutants/mutant.ts";
import type { LanesRun } from "./lanes-run.ts";

if (parentPort === null) throw new TypeError("this is the body of a worker thread");
const { lanes, seed, mutant } = workerData as LanesRun;

if (mutant !== undefined) {
  registerHooks({
    load(url, context, nextLoad) {
      const loaded = nextLoad(url, context);
      if (!url.endsWith(`/${mutant.file}`)) return loaded;
      return { ...loaded, source: mutated(String(loaded.source), mutant) };
    },
  });
}

// Loaded after the hook is there, so that the mutant is in it.
const { runLanes } = await import("./run-lanes.ts");
parentPort.postMessage(await runLanes(lanes, seed));
