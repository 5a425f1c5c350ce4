import { fileURLToPath } from "node:url";
import { bundlePage } from "@sluice/console/page-bundle";
import type { UserConfig } from "tsdown";

const PAGE_BUNDLE: string = fileURLToPath(import.meta.resolve("@sluice/console/page-bundle"));

/** Puts the page's files into the command: it has no sources to make them of, and no bundler. */
const pageInside = {
  name: "page-inside",
  async load(id: string): Promise<string | undefined> {
    if (id !== PAGE_BUNDLE) return undefined;
    const page = JSON.stringify(await bundlePage());
    return `const page = ${page};\nexport const bundlePage = async () => page;`;
  },
};

// One file with all that it needs: who installs it has no other package of Sluice's, and it starts sooner.
const config: UserConfig = {
  entry: ["src/main.ts"],
  format: ["esm"],
  platform: "node",
  target: "node22",
  dts: false,
  deps: { alwaysBundle: [/./], onlyBundle: false },
  alias: { jsonschema: "@sluice/core/storage/no-validator" },
  plugins: [pageInside],
};

export default config;
