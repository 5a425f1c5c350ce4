import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { madeOnce } from "./made-once.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "made-once-"));
});
afterEach(() => rm(folder, { recursive: true }));

const filled = (text: string) => (scratch: string) => writeFile(join(scratch, "file"), text);

test("a folder is made once", async () => {
  const home = join(folder, "cache", "1.0.0");
  expect(await madeOnce(home, filled("first"))).toBe(home);
  await madeOnce(home, filled("second"));
  expect(await readFile(join(home, "file"), "utf8")).toBe("first");
});

test("one that could not be made leaves nothing, and is made the next time", async () => {
  const home = join(folder, "1.0.0");
  const broken = async (scratch: string) => {
    await filled("half")(scratch);
    throw new Error("the line is down");
  };
  await expect(madeOnce(home, broken)).rejects.toThrow("the line is down");
  expect(await readdir(folder)).toEqual([]);
  await madeOnce(home, filled("whole"));
  expect(await readFile(join(home, "file"), "utf8")).toBe("whole");
});
