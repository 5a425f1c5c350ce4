import { existsSync } from "node:fs";
import { join } from "node:path";
import { NODEJS_OPTIONS, type NodejsOptions } from "@sluice/core/deployment";
import { SluiceError } from "@sluice/core/errors";
import { type BuildFailure, build, type Message } from "esbuild";
import { handlerFile } from "./handlers.ts";

/** A handler without a source file, or with one that can't be bundled; the message names the file and its problems. */
class HandlerInvalid extends SluiceError {
  constructor(file: string, problems: readonly string[], cause?: unknown) {
    super(
      "handler-invalid",
      `The handler ${file} can't be bundled:\n${problems.map((each) => `  ${each}`).join("\n")}`,
      {
        cause,
      },
    );
  }
}

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
 * @throws SluiceError `handler-invalid`
 */
export async function bundleHandler(entry: string, folder: string): Promise<string> {
  const file = handlerFile(entry);
  if (!existsSync(file)) throw new HandlerInvalid(file, ["the file does not exist"]);
  try {
    return await bundleFile(file, join(folder, entry.replaceAll("/", "-")), NODEJS_OPTIONS);
  } catch (thrown) {
    if (!isBuildFailure(thrown)) throw thrown;
    throw new HandlerInvalid(file, thrown.errors.map(problemOf), thrown);
  }
}

function isBuildFailure(thrown: unknown): thrown is BuildFailure {
  return thrown instanceof Error && "errors" in thrown && Array.isArray(thrown.errors);
}

function problemOf({ text, location }: Message): string {
  if (location === null) return text;
  return `${location.file}:${location.line}:${location.column + 1}: ${text}`;
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
