import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const FUNCTIONS = fileURLToPath(new URL("../../../functions/src/", import.meta.url));

const EXPORTS_HANDLER = /^export (const|async function) handler\b/m;

/** All handlers that there are: paths below the functions package's sources, without extension. */
export async function handlerEntries(): Promise<readonly string[]> {
  const files = await readdir(FUNCTIONS, { recursive: true });
  const sources = files.filter((file) => file.endsWith(".ts") && !file.endsWith(".test.ts")).toSorted();
  const entries = await Promise.all(
    sources.map(async (file) => {
      const source = await readFile(join(FUNCTIONS, file), "utf8");
      return EXPORTS_HANDLER.test(source) ? [file.slice(0, -".ts".length)] : [];
    }),
  );
  return entries.flat();
}
