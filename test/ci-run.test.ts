import { execFile } from "node:child_process";
import { chmod, copyFile, mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";

/** All that the script itself calls, beside npm, java and apt-get. */
const TOOLS = ["bash", "cat", "dirname", "env", "grep", "mktemp", "rm", "tail", "tee"];
const ROOT_ID = "echo 0";
const SOMEBODY_ID = "echo 1000";

let tree: string;
beforeEach(async () => {
  tree = await mkdtemp(join(tmpdir(), "sluice-ci-run-"));
  await mkdir(join(tree, ".ci"));
  await mkdir(join(tree, "bin"));
  await copyFile(new URL("../.ci/run", import.meta.url), join(tree, ".ci/run"));
  const links = TOOLS.map(async (tool) => symlink(await pathOf(tool), join(tree, "bin", tool)));
  await Promise.all(links);
  await program("java", "exit 0");
});
afterEach(() => rm(tree, { recursive: true }));

function pathOf(tool: string): Promise<string> {
  return new Promise((resolve, reject) => {
    execFile("sh", ["-c", `command -v ${tool}`], (error, stdout) =>
      error === null ? resolve(stdout.trim()) : reject(error),
    );
  });
}

/** Puts a program of that name where the script looks for it. */
async function program(name: string, body: string): Promise<void> {
  const path = join(tree, "bin", name);
  await writeFile(path, `#!/usr/bin/env bash\n${body}\n`);
  await chmod(path, 0o755);
}

/** An npm of which each command prints a line and ends with a code. */
async function npm(commands: Partial<Record<"ci" | "test" | "long" | "local", string>>) {
  const {
    ci = "exit 0",
    test = "echo '10 passed, 0 failed'",
    long = "echo '3 passed, 0 failed'",
    local = "echo '5 passed, 0 failed'",
  } = commands;
  const cases = `ci) ${ci};; test) ${test};; *test:long) ${long};; *test:dynamodb-local) ${local};; *) exit 9;;`;
  await program("npm", `case "$*" in ${cases} esac`);
}

async function run(): Promise<{ readonly code: number; readonly text: string; readonly last: string }> {
  return new Promise((resolve) => {
    const env = { PATH: join(tree, "bin"), TMPDIR: tree };
    execFile(join(tree, "bin/bash"), [join(tree, ".ci/run")], { env }, (error, stdout, stderr) => {
      const text = `${stdout}${stderr}`;
      resolve({ code: Number(error?.code ?? 0), text, last: stdout.trimEnd().split("\n").at(-1) ?? "" });
    });
  });
}

describe("the closing line is the sum of all runs, and the code tells whether all is well", () => {
  test.each([
    [{}, "18 passed, 0 failed", 0],
    [{ test: "echo '9 passed, 1 failed'; exit 1" }, "17 passed, 1 failed", 1],
    [{ long: "echo '2 passed, 1 failed'; exit 1" }, "17 passed, 1 failed", 1],
    [{ local: "echo '3 passed, 2 failed'; exit 1" }, "16 passed, 2 failed", 1],
    [{ ci: "exit 1", long: "exit 1", local: "exit 1" }, "0 passed, 3 failed", 1],
    [{ test: "exit 1" }, "8 passed, 1 failed", 1],
    [{ test: "echo '10 passed, 0 failed'; exit 1" }, "18 passed, 1 failed", 1],
    [{ test: "echo nothing" }, "8 passed, 1 failed", 1],
    [{ long: "exit 0" }, "15 passed, 1 failed", 1],
    [{ local: "exit 0" }, "13 passed, 1 failed", 1],
  ])("%j: %s", async (commands, closing, code) => {
    await npm(commands);
    expect(await run()).toMatchObject({ last: closing, code });
  });
});

describe("where there is no Java", () => {
  beforeEach(async () => {
    await rm(join(tree, "bin/java"));
    await npm({});
  });

  test("root installs it from Debian", async () => {
    await program("id", ROOT_ID);
    await program("apt-get", 'echo "apt-get $*"');
    const { code, last, text } = await run();
    expect(text).toMatch(/apt-get update\napt-get install .*openjdk-17-jre-headless\n/);
    expect({ code, last }).toEqual({ code: 0, last: "18 passed, 0 failed" });
  });

  test("npm's own tests have run before, without it", async () => {
    await program("id", ROOT_ID);
    await program("apt-get", "echo installing");
    const { text } = await run();
    expect(text.indexOf("3 passed")).toBeLessThan(text.indexOf("installing"));
  });

  test.each([
    ["nobody can install it without apt-get", ROOT_ID, undefined, /only root can install it with apt-get/],
    ["nobody but root can install it", SOMEBODY_ID, "exit 0", /only root can install it with apt-get/],
    ["a machine that is offline can't", ROOT_ID, "exit 100", /apt-get can't install openjdk.* offline/],
  ])("%s: said, and failed", async (_what, id, aptGet, said) => {
    await program("id", id);
    if (aptGet !== undefined) await program("apt-get", aptGet);
    const { code, last, text } = await run();
    expect(text).toMatch(said);
    expect({ code, last }).toEqual({ code: 1, last: "13 passed, 1 failed" });
  });
});
