import { readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";

const FOLDER = new URL("../../stories/", import.meta.url);

/** The stories of days that broke a rule once, or do where the code is broken on purpose, in the order of their names. */
export function keptStories(): readonly { readonly name: string; readonly path: string }[] {
  return readdirSync(FOLDER)
    .filter((file) => file.endsWith(".json"))
    .sort()
    .map((file) => ({ name: file.slice(0, -".json".length), path: fileURLToPath(new URL(file, FOLDER)) }));
}
