import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { checkPagePath } from "./check-page-path.ts";

let folder = "";
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "sluice-page-"));
});
afterEach(() => rm(folder, { recursive: true }));

test("a path that can be written stays as it was", async () => {
  await checkPagePath(join(folder, "new.html"));
  expect(await readdir(folder)).toEqual([]);
  const old = join(folder, "old.html");
  await writeFile(old, "yesterday");
  await checkPagePath(old);
  expect(await readFile(old, "utf8")).toBe("yesterday");
});

test.each([
  ["no/page.html", "its folder does not exist"],
  ["", "it is a folder"],
  ["file/page.html", "a part of its path is no folder"],
])("%j is refused, in words", async (path, problem) => {
  await writeFile(join(folder, "file"), "");
  const whole = join(folder, path);
  await expect(checkPagePath(whole)).rejects.toMatchObject({
    code: "input-invalid",
    message: `The page ${whole} can't be written: ${problem}`,
  });
});
