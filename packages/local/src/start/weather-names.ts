/** Weathers without a file of their own. */
export const BUILT_IN_WEATHERS = ["calm", "storm"] as const;

/** True unless a weather is the path of a scenario file. */
export function isBuiltInWeather(weather: string): weather is (typeof BUILT_IN_WEATHERS)[number] {
  return (BUILT_IN_WEATHERS as readonly string[]).includes(weather);
}
