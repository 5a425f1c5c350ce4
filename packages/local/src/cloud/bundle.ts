import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const FUNCTIONS = fileURLToPath(new URL("../../../functions/src/", import.meta.url));

/** Some dependencies are CommonJS, and ask for `require` at run time. */
const REQUIRE_BANNER = `import { createRequire as sluiceRequire } from "node:module"; const require = sluiceRequire(import.meta.url);`;

/**
 * Bundles a handler with all that it imports into one file, as a deployment does.
 * @param entry path below the functions package's sources, without extension
 * @returns the bundle's path
 */
export async function bundleHandler(entry: string, folder: string): Promise<string> {
  const outfile = join(folder, `${entry.replaceAll("/", "-")}.mjs`);
  await build({
    entryPoints: [join(FUNCTIONS, `${entry}.ts`)],
    outfile,
    bundle: true,
    platform: "node",
    format: "esm",
    target: "node24",
    mainFields: ["module", "main"],
    banner: { js: REQUIRE_BANNER },
    logLevel: "silent",
  });
  return outfile;
}
