import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { DYNAMODB_LOCAL_URL } from "../support/dynalite-table.ts";
import { dynamoDbLocalFolder } from "./package.ts";
import { startDynamoDbLocal } from "./server.ts";
import { suitesWithTable } from "./suites.ts";

const VITEST = fileURLToPath(new URL("../../node_modules/vitest/vitest.mjs", import.meta.url));

// What `npm run test:dynamodb-local` does; its arguments are vitest's.
const suites = await suitesWithTable();
const server = await startDynamoDbLocal(await dynamoDbLocalFolder());
const tests = spawn(process.execPath, [VITEST, "run", ...suites, ...process.argv.slice(2)], {
  stdio: "inherit",
  env: { ...process.env, [DYNAMODB_LOCAL_URL]: server.url },
});
const [code] = await once(tests, "close");
await server.stop();
process.exitCode = code ?? 1;
