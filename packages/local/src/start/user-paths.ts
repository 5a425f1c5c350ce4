import { extname, resolve } from "node:path";
import { STDIN_PATH } from "../input/open-record-file.ts";
import type { StartOptions } from "./options.ts";
import { isBuiltInWeather } from "./weather-names.ts";

/** The variables by which npm tells a script where its user was. */
export interface NpmVariables {
  readonly npm_lifecycle_event?: string;
  readonly INIT_CWD?: string;
}

/**
 * The options with paths that lead to the files that the user meant: npm runs a script in the folder of its package,
 * wherever it was called from.
 */
export function withUserPaths(
  options: StartOptions,
  { npm_lifecycle_event: script, INIT_CWD: folder }: NpmVariables,
): StartOptions {
  // The scripts of other names pass the variable on, and say their own paths.
  if (script !== "start" || folder === undefined || folder === process.cwd()) return options;
  const { input, html, provider, weather } = options;
  return {
    ...options,
    ...(input !== undefined && input !== STDIN_PATH && { input: resolve(folder, input) }),
    ...(html !== undefined && { html: resolve(folder, html) }),
    ...(extname(provider) === ".json" && { provider: resolve(folder, provider) }),
    ...(!isBuiltInWeather(weather) && { weather: resolve(folder, weather) }),
  };
}
