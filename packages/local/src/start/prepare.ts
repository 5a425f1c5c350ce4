import { readProvider } from "@sluice/aws/file-catalog";
import { parseProvider } from "@sluice/core/provider/parse-provider";
import type { Provider } from "@sluice/core/provider/provider";
import { calmScenario } from "@sluice/sim/provider-simulator/calm-scenario";
import { readScenario } from "@sluice/sim/provider-simulator/read-scenario";
import type { Scenario } from "@sluice/sim/provider-simulator/scenario";
import { openInput, type RunInput } from "./input.ts";
import type { StartOptions } from "./options.ts";

/** Everything that a run needs to know before it starts anything. */
export interface Preparation {
  readonly provider: Provider;
  readonly scenario: Scenario;
  readonly input: RunInput;
}

/**
 * Reads and checks provider, weather and input, so that a mistake in any of them stops the run before it begins.
 * X comes from `--max-concurrency`, else from the weather file, else from the provider's own definition.
 */
export async function prepare(options: StartOptions): Promise<Preparation> {
  const known = await readProvider(options.provider);
  const calm = calmScenario(known);
  const weather = options.weather === "calm" ? calm : await readScenario(options.weather, calm);
  const maxConcurrency = options.maxConcurrency ?? weather.provider.maxConcurrency;
  const provider = parseProvider({ ...known, maxConcurrency }, `${known.id} with the options of this run`);
  const scenario = { ...weather, provider: { ...weather.provider, maxConcurrency } };
  return { provider, scenario, input: await openInput(options) };
}
