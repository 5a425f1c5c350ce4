import { access, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { ProviderInvalid } from "@sluice/core/provider";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { listProviderIds, ProviderUnknown, readProvider, readProviderFile } from "./file-catalog.ts";

const { resolve } = createRequire(import.meta.url);
const CATALOG = new URL("catalog/", pathToFileURL(resolve("@sluice/core/provider")));
const WORKERS = new URL(".", pathToFileURL(resolve("@sluice/functions/workers/demo")));

const files = await readdir(CATALOG);

test("lists every file of the catalog, and the catalog holds nothing else", async () => {
  expect((await listProviderIds()).map((id) => `${id}.json`)).toEqual(files.toSorted());
});

describe.each(files)("%s", (file) => {
  const id = file.replace(/\.json$/, "");

  test("is a provider of that id", async () => {
    expect((await readProvider(id)).id).toBe(id);
  });

  test("names a worker that exists, and exports a handler", async () => {
    const { worker } = await readProvider(id);
    const source = new URL(`${worker.name}.ts`, WORKERS);
    await expect(access(source)).resolves.toBeUndefined();
    expect(await readFile(source, "utf8")).toContain("export const handler");
  });
});

test("has a quick provider to try things on, and the hardest contract seen", async () => {
  expect(await listProviderIds()).toEqual(expect.arrayContaining(["demo", "slowpoke"]));
  const slowpoke = await readProvider("slowpoke");
  expect(slowpoke.maxConcurrency).toBe(1);
  expect(slowpoke.latency.maxMs).toBe(70_000);
  expect(slowpoke.timeoutMs).toBeGreaterThan(70_000);
});

test.each(["nobody", "", "Demo", "demo.json", "../schema", "../catalog/demo"])(
  "the unknown provider %j is refused with the known ones",
  async (id) => {
    const thrown = await readProvider(id).catch((error: unknown) => error);
    expect(thrown).toBeInstanceOf(ProviderUnknown);
    expect(thrown).not.toBeInstanceOf(ProviderInvalid);
    const known = files.map((file) => file.replace(/\.json$/, "")).toSorted();
    expect(thrown).toHaveProperty(
      "message",
      `There is no provider ${id}; the catalog has ${known.join(", ")}`,
    );
  },
);

describe("a data file of one's own", () => {
  const demo = fileURLToPath(new URL("demo.json", CATALOG));
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "sluice-data-file-"));
  });
  afterEach(() => rm(folder, { recursive: true }));

  const reading = async (content: string) => {
    const file = join(folder, "mine.json");
    await writeFile(file, content);
    return readProviderFile(file);
  };

  test("may begin with a byte order mark", async () => {
    expect(await reading(`\uFEFF${await readFile(demo, "utf8")}`)).toEqual(await readProvider("demo"));
  });

  test.each([
    ["", /mine\.json is invalid:\n {2}the file must be JSON in UTF-8, and is empty/],
    ["{,}", /mine\.json is invalid:\n {2}the file must be JSON in UTF-8: Expected property name/],
  ])("%j is refused", async (content, problem) => {
    await expect(reading(content)).rejects.toThrow(problem);
  });

  test("is refused where it does not exist, or is a folder", async () => {
    await expect(readProviderFile(join(folder, "none.json"))).rejects.toThrow(/the file does not exist/);
    await expect(readProviderFile(folder)).rejects.toThrow(/the file is a folder/);
  });
});
