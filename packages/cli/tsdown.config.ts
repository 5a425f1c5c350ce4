import type { UserConfig } from "tsdown";

// One file with all that it needs: who installs it has no other package of Sluice's, and it starts sooner.
const config: UserConfig = {
  entry: ["src/main.ts"],
  format: ["esm"],
  platform: "node",
  target: "node22",
  dts: false,
  deps: { alwaysBundle: [/./], onlyBundle: false },
  alias: { jsonschema: "@sluice/core/storage/no-validator" },
};

export default config;
