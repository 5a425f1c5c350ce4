import type { UserConfig } from "tsdown";

// Plain JavaScript for other teams: all but the AWS clients is inside.
const config: UserConfig = {
  entry: ["src/index.ts"],
  format: ["esm", "cjs"],
  platform: "node",
  target: "node20",
  dts: true,
  deps: { alwaysBundle: [/^@sluice\//, "electrodb", "zod", /^@noble\//], onlyBundle: false },
  alias: { jsonschema: "@sluice/core/storage/no-validator" },
};

export default config;
