import { spawnSync } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, expect, test } from "vitest";

const MAIN = fileURLToPath(new URL("../check/main.ts", import.meta.url));

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "sluice-check-"));
});
afterEach(() => rm(folder, { recursive: true }));

/** Checks a package with these scripts. */
async function check(scripts: Readonly<Record<string, string>>) {
  await writeFile(join(folder, "package.json"), JSON.stringify({ scripts }));
  return spawnSync(process.execPath, [MAIN], { cwd: folder, encoding: "utf8" });
}

/** In no order: which part ends first is open. */
const linesOf = (text: string) => text.trim().split("\n").toSorted();

test("is well where each part is, and runs nothing else", async () => {
  const { status, stdout, stderr } = await check({
    "check:a": "echo a",
    "check:b": "echo b",
    test: "echo c",
  });
  expect(linesOf(stdout)).toEqual(["a", "b"]);
  expect([status, stderr]).toEqual([0, ""]);
});

test("fails where one part does, says which, and lets the others say what they have found", async () => {
  const { status, stdout, stderr } = await check({
    "check:a": "echo 'no such type' >&2; exit 3",
    "check:b": "echo 'no such rule'; exit 1",
    "check:c": "echo fine",
  });
  expect(linesOf(stdout)).toEqual(["fine", "no such rule", "no such type"]);
  expect(linesOf(stderr)).toEqual(["npm run check:a has failed", "npm run check:b has failed"]);
  expect(status).toBe(1);
});
