import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { readMeasuredMapping } from "./read-measured-mapping.ts";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "measured-"));
});
afterAll(() => rm(folder, { recursive: true }));

async function read(text: string) {
  const path = join(folder, "measured.json");
  await writeFile(path, text);
  return readMeasuredMapping(path);
}

test("reads the mapping out of all findings", async () => {
  const mapping = {
    updateSeconds: { Enabling: [3.5, 20], Disabling: [11] },
    startup: [{ afterSeconds: 0, concurrency: 5 }],
  };
  const text = JSON.stringify({ version: 1, environment: "trial", findings: [], mapping });
  expect(await read(text)).toEqual(mapping);
});

test.each([
  ["{", /is not JSON/],
  ["[]", /must be an object of findings/],
  ['{"mapping":{}}', /version must be 1/],
  [
    '{"version":1,"mapping":{"updateSeconds":{"Enabling":[]}}}',
    /mapping\.updateSeconds\.Enabling must not be empty/,
  ],
  [
    '{"version":1,"mapping":{"updateSeconds":{"Enabling":[-1]}}}',
    /mapping\.updateSeconds\.Enabling\.0 must be a number from 0 to 86400/,
  ],
  [
    '{"version":1,"mapping":{"startup":[{"afterSeconds":2,"concurrency":5},{"afterSeconds":1,"concurrency":9}]}}',
    /mapping\.startup must be in the order of time/,
  ],
  ['{"version":1,"mapping":{"seconds":1}}', /mapping\.seconds is not an option/],
])("refuses %s", async (text, message) => {
  await expect(read(text)).rejects.toThrow(message);
  await expect(read(text)).rejects.toMatchObject({ code: "input-invalid" });
});

test("names a file that is not there", async () => {
  await expect(readMeasuredMapping(join(folder, "none.json"))).rejects.toThrow(/none\.json.* does not exist/);
});
