import { execFile, execFileSync } from "node:child_process";
import { appendFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { copyRepository, type RepositoryCopy } from "../support/repository-copy.ts";

const COPYING_MS = 60_000;

let copy: RepositoryCopy;
let first: string;
beforeAll(async () => {
  copy = await copyRepository();
  git("init", "--quiet");
  await copy.write(".gitignore", "node_modules\n");
  first = commit();
}, COPYING_MS);
afterAll(() => copy.remove());

function git(...args: string[]): string {
  const author = ["-c", "user.name=a", "-c", "user.email=a@example.com"];
  return execFileSync("git", [...author, ...args], { cwd: copy.root, encoding: "utf8" }).trim();
}

function commit(): string {
  git("add", "--all");
  git("commit", "--quiet", "--message", "x");
  return git("rev-parse", "HEAD");
}

function stages(...args: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  const main = "packages/functions/src/catalog/stages-main.ts";
  return new Promise((resolve) => {
    execFile(process.execPath, [main, ...args], { cwd: copy.root }, (error, stdout, stderr) =>
      resolve({ code: Number(error?.code ?? 0), stdout, stderr }),
    );
  });
}

test("a change of one provider's file touches its stage, and what shows all, and nothing at all touches none", async () => {
  const file = "packages/core/src/provider/catalog/demo.json";
  expect(await stages("--since", first)).toEqual({ code: 0, stdout: "[]\n", stderr: "" });
  await appendFile(join(copy.root, file), "\n");
  commit();
  expect(await stages("--since", first)).toMatchObject({ stdout: '["fleet","demo"]\n' });
  expect(await stages("--since", first, "--environment", "staging")).toMatchObject({
    stdout: '["fleet-staging","demo-staging"]\n',
  });
  expect(await stages("--since", "HEAD")).toMatchObject({ stdout: "[]\n" });
});

test("a commit that is not there, or none, means every stage", async () => {
  const every = '["fleet","demo","slowpoke"]\n';
  expect(await stages()).toEqual({ code: 0, stdout: every, stderr: "" });
  expect(await stages("--since", "0".repeat(40))).toMatchObject({
    code: 0,
    stdout: every,
    stderr: expect.stringContaining("every stage is printed"),
  });
});

test.each(["Production", "a-b", ""])("an environment %j that can't be has no stages", async (name) => {
  expect(await stages("--environment", name)).toEqual({
    code: 2,
    stdout: "",
    stderr: `The environment must be 1 to 21 lower-case letters and digits, received ${JSON.stringify(name)}\n`,
  });
});

test("a wrong option, and a catalog that can't be read, print no stage", async () => {
  expect(await stages("--sinse", "HEAD")).toMatchObject({ code: 2, stdout: "" });
  await copy.write("environments/production.json", { accountId: 1 });
  expect(await stages()).toMatchObject({ code: 2, stdout: "", stderr: expect.stringContaining("accountId") });
});
