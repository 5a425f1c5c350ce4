import { join } from "node:path";
import { NODEJS_OPTIONS, type NodejsOptions } from "@sluice/core/deployment";
import { build } from "esbuild";
import { handlerFile } from "./handlers.ts";

/** Dependencies that SST never bundles. */
const EXTERNAL_ALWAYS = ["sharp", "pg-native"];

/** The lines that SST puts before every bundle: some dependencies are CommonJS, and ask for these at run time. */
const BANNER = [
  `import { createRequire as topLevelCreateRequire } from 'module';`,
  `const require = topLevelCreateRequire(import.meta.url);`,
  `import { fileURLToPath as topLevelFileUrlToPath, URL as topLevelURL } from "url"`,
  `const __filename = topLevelFileUrlToPath(import.meta.url)`,
  `const __dirname = topLevelFileUrlToPath(new topLevelURL(".", import.meta.url))`,
];

/**
 * Bundles a handler with all that it imports, as a deployment does.
 * @param entry path below the functions package's sources, without extension
 * @param folder gets a folder of its own for the bundle
 * @returns the bundle's path
 */
export function bundleHandler(entry: string, folder: string): Promise<string> {
  return bundleFile(handlerFile(entry), join(folder, entry.replaceAll("/", "-")), NODEJS_OPTIONS);
}

/**
 * Bundles a file for `nodejs24.x` into `bundle.mjs`, as SST 4.17.1 does with these options; the source map lies beside
 * it. https://github.com/sst/sst/blob/v4.17.1/pkg/runtime/node/build.go
 * @returns the bundle's path
 */
export async function bundleFile(
  file: string,
  folder: string,
  options: Partial<NodejsOptions>,
): Promise<string> {
  const { minify = true, banner = "", esbuild = { external: [], alias: {} } } = options;
  const outfile = join(folder, "bundle.mjs");
  await build({
    entryPoints: [file],
    outfile,
    bundle: true,
    platform: "node",
    format: "esm",
    target: "es2024",
    mainFields: ["module", "main"],
    external: [...EXTERNAL_ALWAYS, ...esbuild.external],
    alias: esbuild.alias,
    // Packages by alias are sought from there.
    absWorkingDir: import.meta.dirname,
    keepNames: true,
    sourcemap: "linked",
    minify,
    banner: { js: [...BANNER, banner].join("\n") },
    logLevel: "silent",
  });
  return outfile;
}
