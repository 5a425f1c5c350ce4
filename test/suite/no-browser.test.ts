import { spawnSync } from "node:child_process";
import { chmod, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const NOWHERE = "/nowhere/chromium";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "no-browser-"));
  const npm = join(folder, "npm");
  const vitest = join(ROOT, "node_modules/vitest/vitest.mjs");
  const suite = `"${process.execPath}" "${vitest}" run test/end-to-end/console.test.ts`;
  // Installs nothing, and tests the page alone.
  const lines = ["#!/bin/sh", `if [ "$1" = test ]; then exec ${suite}; fi`, "echo '1 passed, 0 failed'", ""];
  await writeFile(npm, lines.join("\n"));
  await chmod(npm, 0o755);
});
afterAll(() => rm(folder, { recursive: true }));

test("where no browser runs CI fails, and the suite's summary says what to install", () => {
  const env = { ...process.env, PATH: `${folder}:${process.env.PATH}`, SLUICE_BROWSER: NOWHERE };
  const { status, stdout } = spawnSync(join(ROOT, ".ci/run"), { cwd: ROOT, env, encoding: "utf8" });
  expect(status, stdout).not.toBe(0);
  const lines = stdout.trimEnd().split("\n");
  const at = lines.findIndex((line) => line.startsWith("No browser runs here"));
  expect(lines[at]).toMatch(/so that the page was not tested .*install Chromium/);
  expect(lines[at]).toContain(NOWHERE);
  expect(lines[at + 1]).toMatch(/^0 passed, [1-9]\d* failed$/);
  expect(lines.at(-1)).toMatch(/^2 passed, [1-9]\d* failed$/);
}, 120_000);
