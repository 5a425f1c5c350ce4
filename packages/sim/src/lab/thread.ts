import { isDeepStrictEqual } from "node:util";
import { parentPort } from "node:worker_threads";
import type { Scenario } from "../provider-simulator/scenario.ts";
import type { IdealRun } from "./ideal.ts";
import { lawSetupsNamed } from "./laws.ts";
import { type CaseRun, idealOf, runCase } from "./run-case.ts";

/**
 * A case as a thread is asked to run it: a law by its name, because functions can't travel. The answer is a {@link
 * CaseRun}.
 */
export interface CaseRequest {
  readonly scenario: Scenario;
  readonly law: string;
  readonly seed: number;
  readonly hasTrace: boolean;
}

if (parentPort === null) throw new TypeError("this is the body of a worker thread");
const port = parentPort;
const answer = caseRunner();

port.on("message", async (request: CaseRequest) => {
  // What throws here ends the thread, and the main thread learns of it.
  port.postMessage(await answer(request));
});

/** Makes a runner that keeps the last ideal: the laws of a scenario and seed share it. */
function caseRunner(): (request: CaseRequest) => Promise<CaseRun> {
  let known: { readonly scenario: Scenario; readonly seed: number; readonly ideal: IdealRun } | undefined;
  return async ({ scenario, law, seed, hasTrace }) => {
    const [setup] = lawSetupsNamed([law]);
    if (setup === undefined) throw new RangeError(`there is no law ${law}`);
    if (known?.seed !== seed || !isDeepStrictEqual(known.scenario, scenario)) {
      known = { scenario, seed, ideal: idealOf(scenario, seed) };
    }
    return runCase({ scenario, setup, seed, hasTrace }, known.ideal);
  };
}
