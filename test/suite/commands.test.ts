import { execFile } from "node:child_process";
import { glob, readFile } from "node:fs/promises";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, test } from "vitest";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const VITEST = join(ROOT, "node_modules/vitest/vitest.mjs");

const { scripts } = JSON.parse(await readFile(join(ROOT, "package.json"), "utf8"));

/** The files that an npm script has vitest run, by their path from the root. */
async function filesOf(script: string): Promise<readonly string[]> {
  const [, options = ""] = /\bvitest run (.+)$/.exec(scripts[script]) ?? [];
  const args = [VITEST, "list", "--filesOnly", "--json", ...options.split(" ")];
  const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: ROOT });
  const found: readonly { readonly file: string }[] = JSON.parse(stdout);
  return found.map(({ file }) => relative(ROOT, file));
}

async function everyFile(): Promise<readonly string[]> {
  const exclude = ["**/node_modules/**", ".*/**"];
  return Array.fromAsync(glob("**/*.test.ts", { cwd: ROOT, exclude }));
}

test("each file of tests is run once, by npm test or, by its name, by npm run test:long", async () => {
  const [short, long, every] = await Promise.all([filesOf("test"), filesOf("test:long"), everyFile()]);
  expect([...short, ...long].toSorted()).toEqual(every.toSorted());
  expect(long.toSorted()).toEqual(every.filter((file) => file.endsWith(".long.test.ts")).toSorted());
  expect(long).not.toEqual([]);
});
