import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { madeOnce } from "../support/made-once.ts";

const run = promisify(execFile);

/** The package of npm that has Amazon's DynamoDB Local in it: version 1.25.1, as its jars, 56 MB. */
const NAME = "amplify-dynamodb-simulator";
const VERSION = "2.9.30";
const SHA512 = "xTeeRLvzEfqyd5lh3bH4c0kHvSHHmmhD5ZDsHFKAQ5g2Zl6JqlFdutaQhCLHzxEp6Ry1o7TB6niIoXuQAnSewQ==";

/** Beside `node_modules`, so that nobody installs it who does not run it. */
const CACHE = fileURLToPath(new URL("../../.dynamodb-local/", import.meta.url));

/** The downloaded package is another one than it was when this was written. */
class PackageChanged extends Error {
  constructor(sha512: string) {
    super(`${NAME}@${VERSION} has the digest ${sha512}, and not ${SHA512}`);
    this.name = new.target.name;
  }
}

/**
 * Downloads DynamoDB Local the first time, without what else its package depends on, and finds its folder.
 * @throws PackageChanged, or the error of npm or tar
 */
export async function dynamoDbLocalFolder(): Promise<string> {
  return join(await madeOnce(join(CACHE, VERSION), download), "package", "emulator");
}

async function download(scratch: string): Promise<void> {
  await run("npm", ["pack", `${NAME}@${VERSION}`, "--pack-destination", scratch], { cwd: scratch });
  const archive = join(scratch, `${NAME}-${VERSION}.tgz`);
  const sha512 = createHash("sha512")
    .update(await readFile(archive))
    .digest("base64");
  if (sha512 !== SHA512) throw new PackageChanged(sha512);
  await run("tar", ["-xzf", archive, "-C", scratch]);
  await rm(archive);
}
