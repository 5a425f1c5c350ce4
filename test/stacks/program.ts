import { readFile, rename } from "node:fs/promises";
import { join } from "node:path";
import { build, type Plugin } from "esbuild";
import { PLATFORM, ROOT } from "./platform.ts";

/** What SST defines before the program begins; here it is set at run time, so that one bundle serves every stage. */
const GLOBALS = { $app: "globalThis.$app", $cli: "globalThis.$cli", $dev: "globalThis.$dev" };
/** What SST puts on top of each of a project's files. */
const NAMESPACES = `import * as aws from "@pulumi/aws";import * as sst from "${PLATFORM}/src/components";`;
const BANNER = [
  'import { createRequire as topLevelCreateRequire } from "module";',
  "const require = topLevelCreateRequire(import.meta.url);",
].join("\n");

/**
 * Bundles a project's sst.config.ts with SST's components, as SST does before it hands it to Pulumi.
 * @see https://github.com/anomalyco/sst/blob/dev/pkg/project/run.go and pkg/js/js.go
 * @returns the bundle's path
 */
export async function bundleProgram(project: string, name: string): Promise<string> {
  const outfile = join(PLATFORM, `${name}-${process.pid}.mjs`);
  await build({
    stdin: {
      contents: `
        import { run } from "${PLATFORM}/src/auto/run.ts";
        import config from "${join(project, "sst.config.ts")}";
        export const app = config.app;
        export const program = () => run(config.run);`,
      resolveDir: ROOT,
      loader: "ts",
    },
    outfile,
    bundle: true,
    platform: "node",
    format: "esm",
    mainFields: ["module", "main"],
    define: GLOBALS,
    inject: [join(PLATFORM, "src/shim/run.js")],
    banner: { js: BANNER },
    nodePaths: [join(PLATFORM, "node_modules")],
    external: ["@pulumi/*", "@pulumiverse/*", "@aws-sdk/*", "undici", "esbuild", "archiver", "glob", "vite"],
    plugins: [namespaces(project)],
    logLevel: "error",
  });
  // Several test files make the same bundle at the same time: whoever reads it must find a whole one.
  const path = join(PLATFORM, `${name}.mjs`);
  await rename(outfile, path);
  return path;
}

/** Only what is not SST's own sees its components as globals. */
function namespaces(project: string): Plugin {
  return {
    name: "namespaces",
    setup({ onLoad }) {
      onLoad({ filter: /\.ts$/ }, async ({ path }) => {
        if (path.startsWith(join(ROOT, ".sst")) || !path.startsWith(project)) return undefined;
        return { contents: `${NAMESPACES}\n${await readFile(path, "utf8")}`, loader: "ts" };
      });
    },
  };
}
