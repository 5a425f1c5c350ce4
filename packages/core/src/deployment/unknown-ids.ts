import type { Environment } from "./environment.ts";

/** Says which providers an environment's file names that are none: a misspelt id would leave the real one as it is. */
export function unknownIds({ name, without, providers }: Environment, ids: readonly string[]): string[] {
  const named = [...without, ...Object.keys(providers)].filter((id) => !ids.includes(id));
  return named.map(
    (id) => `environments/${name}.json names ${id}, which no provider is: there are ${ids.join(", ")}`,
  );
}
