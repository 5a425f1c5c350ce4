import { execFile } from "node:child_process";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { madeOnce } from "../support/made-once.ts";

const run = promisify(execFile);

/** The version of fauxqs that was compared with AWS. */
export const FAUXQS_VERSION = "2.4.1";

/** Beside `node_modules`, so that nobody installs it who does not run it. */
const CACHE = fileURLToPath(new URL("../../.fauxqs/", import.meta.url));

/** Installs fauxqs the first time, and finds the folder that has it among its `node_modules`. Throws what npm does. */
export function fauxqsFolder(): Promise<string> {
  return madeOnce(join(CACHE, FAUXQS_VERSION), async (scratch) => {
    const options = ["--prefix", scratch, "--ignore-scripts", "--no-audit", "--no-fund"];
    await run("npm", ["install", `fauxqs@${FAUXQS_VERSION}`, ...options], { cwd: scratch });
  });
}
