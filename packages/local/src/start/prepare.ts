import { existsSync } from "node:fs";
import { extname } from "node:path";
import { readProvider, readProviderFile } from "@sluice/aws/file-catalog";
import { SCHEDULE_RATE_MIN_MS } from "@sluice/core/aws-bounds";
import { SluiceError } from "@sluice/core/errors";
import { type Provider, type ProviderInput, parseProvider } from "@sluice/core/provider";
import { calmScenario, readScenario, type Scenario } from "@sluice/sim/provider-simulator";
import { checkPagePath } from "./check-page-path.ts";
import { closingSoon } from "./closing-soon.ts";
import { type InputOptions, openInput, type RunInput } from "./input.ts";
import type { StartOptions } from "./options.ts";
import { STORM_RECORD_COUNT, stormOf } from "./storm.ts";
import { BUILT_IN_WEATHERS } from "./weather-names.ts";

/** A run as it is planned before anything is started. */
export interface Preparation {
  readonly provider: Provider;
  readonly scenario: Scenario;
  readonly input: RunInput;
  /** Time between two calls of the waker; left out: as in production. */
  readonly wakeEveryMs?: number;
  /** True if the breaker's doings are shown, and not the count of records alone. */
  readonly isWatched: boolean;
  /** Path of the page for the charts; left out: no page. */
  readonly htmlFile?: string;
}

/** The interval at a pace that is not the provider's own. */
const WAKE_EVERY_PACES = 1.5;

/**
 * Reads and checks provider, weather, input and the page's path, so that a mistake in any of them stops the run before it begins.
 * X comes from `--max-concurrency`, else from the weather file, else from the provider's own definition.
 * @throws SluiceError of the catalog, the scenario, the input or the provider
 */
export async function prepare(options: StartOptions): Promise<Preparation> {
  const isStorm = options.weather === "storm";
  const known = await knownProvider(options);
  const { definition, weather } = await weatherFor(known, options);
  const maxConcurrency = options.maxConcurrency ?? weather.provider.maxConcurrency;
  const paceMs = options.paceSeconds === undefined ? {} : { paceMs: options.paceSeconds * 1_000 };
  const provider = parseProvider(
    { ...definition, maxConcurrency, breaker: { ...definition.breaker, ...paceMs } },
    `${known.id} with the options of this run`,
  );
  const hasOwnPace = isStorm || options.paceSeconds !== undefined;
  const wakeEveryMs = Math.min(SCHEDULE_RATE_MIN_MS, WAKE_EVERY_PACES * provider.breaker.paceMs);
  const { html: htmlFile } = options;
  if (htmlFile !== undefined) await checkPagePath(htmlFile);
  return {
    provider,
    scenario: { ...weather, provider: { ...weather.provider, maxConcurrency } },
    input: await openInput(isStorm ? stormInput(options) : options),
    isWatched: isWatched(provider, options),
    ...(hasOwnPace ? { wakeEveryMs } : {}),
    ...(htmlFile === undefined ? {} : { htmlFile }),
  };
}

/** The provider that is named, with the windows that the options want. */
async function knownProvider({ provider: name, closesAfterSeconds }: StartOptions): Promise<Provider> {
  const known = extname(name) === ".json" ? await readProviderFile(name) : await readProvider(name);
  if (closesAfterSeconds === undefined) return known;
  return { ...known, windows: closingSoon(known.timeZone, Date.now(), closesAfterSeconds * 1_000) };
}

/** Storms, charts, windows, quotas and holds are to be watched. */
function isWatched(
  { windows, quotas }: Provider,
  { weather, html, holdAfterSeconds }: StartOptions,
): boolean {
  return [weather !== "calm", html, windows, quotas, holdAfterSeconds].some(
    (reason) => reason !== undefined && reason !== false,
  );
}

async function weatherFor(
  known: Provider,
  { weather, maxConcurrency = known.maxConcurrency }: StartOptions,
): Promise<{ readonly definition: ProviderInput; readonly weather: Scenario }> {
  if (weather === "storm") {
    const storm = stormOf({ ...known, maxConcurrency });
    return { definition: storm.provider, weather: storm.scenario };
  }
  const calm = calmScenario(known);
  if (weather === "calm") return { definition: known, weather: calm };
  if (!existsSync(weather)) throw new WeatherUnknown(weather);
  return { definition: known, weather: await readScenario(weather, calm) };
}

class WeatherUnknown extends SluiceError {
  constructor(weather: string) {
    const choices = `${BUILT_IN_WEATHERS.join(", ")} and scenario files, such as examples/weather/brownout.json`;
    super("input-invalid", `There is no weather ${weather}; there are ${choices}`);
  }
}

function stormInput(options: StartOptions): InputOptions {
  return options.input === undefined ? { records: options.records ?? STORM_RECORD_COUNT } : options;
}
