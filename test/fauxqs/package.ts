import { execFile } from "node:child_process";
import { access, mkdir, mkdtemp, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const run = promisify(execFile);

/** The version of fauxqs that was compared with AWS. */
export const FAUXQS_VERSION = "2.4.1";

/** Beside `node_modules`, so that nobody installs it who does not run it. */
const CACHE = fileURLToPath(new URL("../../.fauxqs/", import.meta.url));

/** Installs fauxqs the first time, and finds the folder that has it among its `node_modules`. Throws what npm does. */
export async function fauxqsFolder(): Promise<string> {
  const home = join(CACHE, FAUXQS_VERSION);
  if (!(await exists(home))) await install(home);
  return home;
}

async function install(home: string): Promise<void> {
  await mkdir(CACHE, { recursive: true });
  const scratch = await mkdtemp(join(CACHE, "install-"));
  try {
    const options = ["--prefix", scratch, "--ignore-scripts", "--no-audit", "--no-fund"];
    await run("npm", ["install", `fauxqs@${FAUXQS_VERSION}`, ...options], { cwd: scratch });
    await rename(scratch, home);
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
