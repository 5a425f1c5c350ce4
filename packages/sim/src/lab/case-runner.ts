import type { IdealRun } from "./ideal.ts";
import { lawSetupsNamed } from "./laws.ts";
import type { CaseAnswer, CaseRequest } from "./protocol.ts";
import { idealOf, runCase } from "./run-case.ts";

/** Makes a runner of requests that keeps the last ideal: the laws of a scenario and seed share it. */
export function caseRunner(): (request: CaseRequest) => Promise<CaseAnswer> {
  let known: { readonly scenario: string; readonly seed: number; readonly ideal: IdealRun } | undefined;
  return async ({ scenario, law, seed, hasTrace }) => {
    const [setup] = lawSetupsNamed([law]);
    if (setup === undefined) throw new RangeError(`there is no law ${law}`);
    if (known?.scenario !== scenario.name || known.seed !== seed) {
      known = { scenario: scenario.name, seed, ideal: idealOf(scenario, seed) };
    }
    return runCase({ scenario, setup, seed, hasTrace }, known.ideal);
  };
}
