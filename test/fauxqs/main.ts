import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { fauxqsFolder } from "./package.ts";
import { FAUXQS_FOLDER } from "./variable.ts";

const pathOf = (relative: string) => fileURLToPath(new URL(relative, import.meta.url));

// What `npm run test:fauxqs` does; its arguments are vitest's.
const vitest = [
  pathOf("../../node_modules/vitest/vitest.mjs"),
  "run",
  "--config",
  pathOf("vitest.config.ts"),
];
const tests = spawn(process.execPath, [...vitest, ...process.argv.slice(2)], {
  stdio: "inherit",
  env: { ...process.env, [FAUXQS_FOLDER]: await fauxqsFolder() },
});
const [code] = await once(tests, "close");
process.exitCode = code ?? 1;
