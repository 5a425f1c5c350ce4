import { execFile } from "node:child_process";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const run = promisify(execFile);

/** A folder with the package alone, unpacked, where nothing of this repository is in sight. */
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "packed-"));
  await run("npm", ["run", "build:cli", "--silent"], { cwd: ROOT });
  await run("npm", ["pack", "--silent", "--pack-destination", folder, "-w", "@sluice/cli"], { cwd: ROOT });
  const [tarball = ""] = await readdir(folder);
  await run("tar", ["-xzf", tarball], { cwd: folder });
}, 120_000);
afterAll(() => rm(folder, { recursive: true }));

async function sluice(...args: readonly string[]) {
  const env = {
    PATH: process.env.PATH,
    TMPDIR: folder,
    AWS_REGION: "eu-central-1",
    AWS_EC2_METADATA_DISABLED: "true",
  };
  const bin = join(folder, "package/bin/sluice.mjs");
  return run(process.execPath, [bin, ...args], { env, cwd: folder }).then(
    ({ stdout, stderr }) => ({ code: 0, stdout, stderr }),
    ({ code, stdout, stderr }) => ({ code, stdout, stderr }),
  );
}

test("the command runs from its package alone", async () => {
  expect(await sluice("--help")).toMatchObject({ code: 0, stdout: expect.stringMatching(/^ {2}dead +/m) });
  expect(await sluice("status", "--provider", "acme")).toMatchObject({
    code: 2,
    stderr: expect.stringMatching(/^Could not load credentials from any providers\. Set AWS_ACCESS_KEY_ID/),
  });
});

test("it has no catalog, and says that a provider has to be named", async () => {
  for (const verb of ["status", "holds", "decisions"]) {
    expect(await sluice(verb)).toMatchObject({
      code: 2,
      stderr: "Say which provider: --provider <id>. Nothing runs on this machine that could be meant\n",
    });
  }
});
