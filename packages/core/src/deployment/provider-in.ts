import { isObject, patched } from "../parsing/merge-patch.ts";
import { parseProvider } from "../provider/parse-provider.ts";
import type { Provider } from "../provider/provider.ts";
import type { Environment } from "./environment.ts";

/**
 * A provider as an environment has it: its data file, with the environment's overrides over it.
 * @param input the data file's value, which is valid by itself
 * @param file for the error's text
 * @throws ProviderInvalid that names both files
 */
export function providerIn(environment: Environment, id: string, input: unknown, file: string): Provider {
  const overrides = Object.hasOwn(environment.providers, id) ? environment.providers[id] : undefined;
  if (overrides === undefined || !isObject(input)) return parseProvider(input, file);
  return parseProvider(patched(input, overrides), `${file} with environments/${environment.name}.json`);
}
