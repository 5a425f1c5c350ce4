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
  await writeFile(npm, `#!/bin/sh\nif [ "$1" = test ]; then exec ${suite}; fi\n`);
  await chmod(npm, 0o755);
});
afterAll(() => rm(folder, { recursive: true }));

test("where no browser runs CI fails, and says what to install right before its last line", () => {
  const env = { ...process.env, PATH: `${folder}:${process.env.PATH}`, SLUICE_BROWSER: NOWHERE };
  const { status, stdout } = spawnSync(join(ROOT, ".ci/run"), { cwd: ROOT, env, encoding: "utf8" });
  expect(status, stdout).not.toBe(0);
  const [sentence, verdict] = stdout.trimEnd().split("\n").slice(-2);
  expect(sentence).toMatch(/^No browser runs here, so that the page was not tested .*install Chromium/);
  expect(sentence).toContain(NOWHERE);
  expect(verdict).toMatch(/^0 passed, [1-9]\d* failed$/);
}, 120_000);
