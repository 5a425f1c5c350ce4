import { readdir, readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";

/** The sources of the functions package, as its own `exports` lead there. */
const FOLDER = dirname(createRequire(import.meta.url).resolve("@sluice/functions/ventilator"));

const EXPORTS_HANDLER = /^export (const|async function) handler\b/m;

/** The source file of a handler, by its path below the functions package's sources, without extension. */
export function handlerFile(entry: string): string {
  return join(FOLDER, `${entry}.ts`);
}

/** All handlers that there are: paths below the functions package's sources, without extension. */
export async function handlerEntries(): Promise<readonly string[]> {
  const files = await readdir(FOLDER, { recursive: true });
  const sources = files.filter((file) => file.endsWith(".ts") && !file.endsWith(".test.ts")).toSorted();
  const entries = await Promise.all(
    sources.map(async (file) => {
      const source = await readFile(join(FOLDER, file), "utf8");
      return EXPORTS_HANDLER.test(source) ? [file.slice(0, -".ts".length)] : [];
    }),
  );
  return entries.flat();
}
