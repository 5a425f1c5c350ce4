import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { readScenario } from "./read-scenario.ts";
import { DEFAULT_SCENARIO } from "./scenario-defaults.ts";

let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "sluice-scenario-"));
});
afterAll(() => rm(folder, { recursive: true }));

test("reads a file, with or without a byte order mark", async () => {
  const path = await fileOf("storm.json", '\uFEFF{ "name": "storm", "backlog": 3 }');
  expect(await readScenario(path)).toEqual({ ...DEFAULT_SCENARIO, name: "storm", backlog: 3 });
});

test("takes what is left out from the base", async () => {
  const path = await fileOf("base.json", '{ "name": "storm" }');
  const base = { ...DEFAULT_SCENARIO, backlog: 77 };
  expect(await readScenario(path, base)).toEqual({ ...base, name: "storm" });
});

test.each<[what: string, name: string, text: string | undefined, problem: string]>([
  ["is missing", "missing.json", undefined, "the file does not exist"],
  ["is a folder", ".", undefined, "the file is a folder"],
  ["is not JSON", "broken.json", '{ "name": ', "the file is not JSON: "],
  ["has a bad option", "bad.json", '{ "backlog": -1 }', "backlog must be a whole number from 0 to 10000000"],
])("refuses a file that %s", async (_, name, text, problem) => {
  const path = text === undefined ? join(folder, name) : await fileOf(name, text);
  await expect(readScenario(path)).rejects.toMatchObject({
    code: "input-invalid",
    message: expect.stringContaining(`Scenario ${path} is invalid:\n  ${problem}`),
  });
});

async function fileOf(name: string, text: string): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, text);
  return path;
}
