import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { launch } from "./launch.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "launch-"));
});
afterEach(() => rm(folder, { recursive: true }));

test("a program is started with its arguments as they are", async () => {
  const file = join(folder, "a;b $(c)");
  launch([process.execPath, "-e", "fs.writeFileSync(process.argv[1], '')", file]);
  await expect.poll(() => existsSync(file), { timeout: 20_000 }).toBe(true);
});

test("one that is missing is nobody's trouble", () => {
  const module = new URL("launch.ts", import.meta.url).href;
  const script = `import { launch } from ${JSON.stringify(module)}; launch(["/no/such/program"])`;
  const { status, stderr } = spawnSync(process.execPath, ["--input-type=module", "-e", script], {
    encoding: "utf8",
  });
  expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
});
