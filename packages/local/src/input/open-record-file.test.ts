import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import { InputInvalid } from "./input-invalid.ts";
import { openRecordFile, type RecordFileRequest } from "./open-record-file.ts";
import { readRecords } from "./read-records.ts";

let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "sluice-open-"));
});
afterAll(() => rm(folder, { recursive: true }));

async function readTwice(request: RecordFileRequest): Promise<unknown[][]> {
  const file = await openRecordFile(request);
  return [await Array.fromAsync(readRecords(file)), await Array.fromAsync(readRecords(file))];
}

test("standard input can be read twice, and has a name of its own", async () => {
  const stdin = Readable.from([Buffer.from("a\n"), Buffer.from("b\n")]);
  expect(await readTwice({ path: "-", stdin })).toEqual([
    ["a", "b"],
    ["a", "b"],
  ]);
  expect(await openRecordFile({ path: "-", stdin: Readable.from([]) })).toMatchObject({
    name: "standard input",
  });
});

test("a pipe can be read twice", async () => {
  const path = join(folder, "pipe");
  await promisify(execFile)("mkfifo", [path]);
  const [read] = await Promise.all([
    readTwice({ path, stdin: Readable.from([]) }),
    writeFile(path, '["a",\n"b"]\n'),
  ]);
  expect(read).toEqual([
    ["a", "b"],
    ["a", "b"],
  ]);
});

test("the format that is asked for is that of the copy too", async () => {
  const request = { path: "-", format: "ids", stdin: Readable.from(["id,x\n"]) } as const;
  expect(await readTwice(request)).toEqual([["id,x"], ["id,x"]]);
});

test("a stream that fails midway is refused by its name", async () => {
  async function* broken() {
    yield "a\n";
    throw new Error("the line is dead");
  }
  const opening = openRecordFile({ path: "-", stdin: Readable.from(broken()) });
  await expect(opening).rejects.toThrow(
    new InputInvalid({ name: "standard input" }, "can't be read: the line is dead"),
  );
});

test("a file, and a path that leads nowhere, are left as they are", async () => {
  const stdin = Readable.from([]);
  for (const path of [import.meta.filename, join(folder, "missing"), folder]) {
    expect(await openRecordFile({ path, stdin })).toEqual({ path, name: path });
  }
});
