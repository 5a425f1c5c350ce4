import { appendFile, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { InputInvalid } from "./input-invalid.ts";
import { checkRecords, readRecords } from "./read-records.ts";
import type { InputFormat, RecordFile } from "./record-file.ts";

let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "sluice-input-"));
});
afterAll(() => rm(folder, { recursive: true }));

test.each<[format: string, name: string, text: string, records: readonly unknown[]]>([
  ["one id a line", "ids.txt", "a\nB\n3\n", ["a", "B", "3"]],
  ["any other extension, no line feed at the end", "ids", "a\nb", ["a", "b"]],
  ["CRLF and a byte order mark", "windows.txt", "\uFEFFa\r\nb\r\n", ["a", "b"]],
  ["spaces belong to an id", "spaces.txt", " a \nb\n", [" a ", "b"]],
  ["blank lines in the middle but not at the end", "blank.txt", "a\n\n\r\nb\n\n\n", ["a", "", "", "b"]],
  ["odd ids", "odd.txt", "🦊#/?%\nÄ\u0000ö\n日本\n", ["🦊#/?%", "Ä\u0000ö", "日本"]],
  ["NDJSON", "a.ndjson", '"a"\n{"id":"b","payload":{"x":1}}\n', ["a", { id: "b", payload: { x: 1 } }]],
  ["JSONL, values that are no records", "A.JSONL", '7\nnull\n{"no":"id"}', [7, null, { no: "id" }]],
  ["NDJSON with CRLF and blank lines at the end", "b.ndjson", '"a"\r\n"b"\r\n\r\n', ["a", "b"]],
  ["CSV of ids", "a.csv", "id\na\nb\n", ["a", "b"]],
  ["CSV with a payload", "b.csv", 'payload,id\n"{""x"":1}",a\n,b\n', [{ id: "a", payload: { x: 1 } }, "b"]],
  ["CSV with other columns", "c.CSV", "name,id,age\nAnna,a,5\nBob,b,\n", ["a", "b"]],
  ["CSV with quotes", "d.csv", 'id\n"a,b"\n"say ""hi"""\n"two\nlines"\n', ["a,b", 'say "hi"', "two\nlines"]],
  ["CSV with a byte order mark, CRLF and a blank line", "e.csv", "\uFEFFid\r\na\r\n\r\nb", ["a", "b"]],
  ["CSV that mixes CRLF and LF", "f.csv", "id\r\na\nb\r\nc\n", ["a", "b", "c"]],
  ["tab-separated values", "a.tsv", "id\tname\na,1\tx\nb\ty\n", ["a,1", "b"]],
  ["CSV with tabs", "tabs.csv", "name\tid\nx\ta\n", ["a"]],
  ["CSV with semicolons", "semicolons.csv", "id;name\na,1;x\n", ["a,1"]],
  ["CSV under another extension", "csv.txt", "name,id\nx,a\ny,b\n", ["a", "b"]],
  ["CSV of ids under another extension", "csv-ids.txt", "\uFEFFid\r\na\r\n", ["a"]],
  ["CSV with quotes under another extension", "quoted.dat", '"id","name"\n"a","x, y"\n', ["a"]],
  ["tab-separated values under another extension", "tsv", "id\tname\na\tx\n", ["a"]],
  ["NDJSON under another extension", "ndjson.txt", '{"id":"a"}\n"b"\n', [{ id: "a" }, "b"]],
  ["NDJSON of ids under another extension", "strings.log", '"a"\n"b"\n', ["a", "b"]],
  ["a JSON array", "array.json", '["a",{"id":"b","payload":[1,[2]]}]', ["a", { id: "b", payload: [1, [2]] }]],
  [
    "a JSON array over lines",
    "pretty.json",
    '\n[\n  {\n    "id": "ü"\n  },\n  "b"\n]\n\n',
    [{ id: "ü" }, "b"],
  ],
  ["a JSON array under another extension", "array.txt", '[\n  "a",\n  "b"\n]\n', ["a", "b"]],
  ["a JSON array as NDJSON", "array.ndjson", '["a", "b"]\n', ["a", "b"]],
  ["JSON of one record", "one.json", '{\n  "id": "a"\n}', [{ id: "a" }]],
  [
    "JSON values over lines",
    "many.json",
    '{\n  "id": "a"\n}\n{\n  "id": "b"\n}\n',
    [{ id: "a" }, { id: "b" }],
  ],
  ["JSON values over lines as NDJSON", "many.jsonl", '{\n"id": "a"\n}\n"b"\n', [{ id: "a" }, "b"]],
  ["JSON values over lines, other extension", "many", '{\n"id": "a"\n} "b"\n', [{ id: "a" }, "b"]],
  ["NDJSON as .json", "lines.json", '"a"\n{"id":"b"}\n', ["a", { id: "b" }]],
  ["ids in brackets and braces", "brackets.txt", "[a]\n{3F25}\n", ["[a]", "{3F25}"]],
  ["ids with commas now and then", "commas.txt", "a,b\nc\n", ["a,b", "c"]],
  ["CSV with an empty id", "g.csv", 'id,payload\n"",\nb,\n', ["", "b"]],
])("reads %s", async (_, name, text, records) => {
  const path = await fileOf(name, text);
  expect(await collect(path)).toEqual(records);
  expect(await checkRecords(fileAt(path))).toEqual({ recordCount: records.length });
});

test.each<[problem: string, name: string, content: string | Buffer, message: string]>([
  ["an empty file", "empty.txt", "", "empty.txt: is empty: it holds no record"],
  ["a file of blank lines", "blanks.txt", "\n\n", "blanks.txt: is empty: it holds no record"],
  ["a header without rows", "header.csv", "id\n", "header.csv: is empty: it holds no record"],
  [
    "CSV without an id column",
    "no-id.csv",
    "Id;name,key\na,b\n",
    'no-id.csv, line 1: must have a header row with a column id, found "Id;name", "key"',
  ],
  ["two id columns", "two.csv", "id,id\na,b\n", 'two.csv, line 1: must have one column id, found "id", "id"'],
  [
    "a quote that is never closed",
    "open.csv",
    'id\na\n"b\nc\nd\n',
    "open.csv, line 3: a quote opens in this row and is never closed",
  ],
  ["a quote within a field", "in.csv", 'id\na\nb"c"\n', "in.csv, line 3: is not CSV: Invalid Opening Quote"],
  ["text after a quote", "after.csv", 'id\n"a"b\n', "after.csv, line 2: is not CSV: Invalid Closing Quote"],
  [
    "a row of another length",
    "rows.csv",
    "id,b\na,1\nb\n",
    "rows.csv, line 3: is not CSV: Invalid Record Length",
  ],
  ["a payload that is not JSON", "p.csv", "id,payload\na,1\nb,{x\n", "p.csv, line 3: payload is not JSON: "],
  ["a line that is not JSON", "broken.ndjson", '"a"\n{"id":\n', "broken.ndjson, line 2: is not JSON: "],
  ["a blank line within NDJSON", "gap.ndjson", '"a"\n\n"b"\n', "gap.ndjson, line 2: is not JSON: "],
  ["ids that are not UTF-8", "latin.txt", latin1("a\nb\nJürg\n"), "latin.txt, line 3: is not valid UTF-8"],
  ["CSV that is not UTF-8", "latin.csv", latin1("id\nJürg\n"), "latin.csv, line 2: is not valid UTF-8"],
  ["an empty JSON array", "none.json", "[]\n", "none.json: is empty: it holds no record"],
  [
    "a JSON array without an end",
    "open.json",
    '["a",\n"b"\n',
    "open.json, line 3: is not JSON: ends in the middle",
  ],
  [
    "JSON that is none",
    "none-2.json",
    '["a",\n"b" "c"]',
    "none-2.json, line 2: is not JSON: Unexpected STRING",
  ],
  ["JSON with more behind it", "more.json", '["a"]\n"b"\n', "more.json, line 2: is not JSON: Unexpected"],
  [
    "JSON values that break off",
    "off.json",
    '{\n"id": "a"\n}\n{"id"',
    "off.json, line 4: is not JSON: ends in",
  ],
  ["JSON that is not UTF-8", "latin.json", latin1('[\n"Jürg"]'), "latin.json: is not valid UTF-8"],
  [
    "a JSON value without end",
    "long.json",
    `["a", "${"x".repeat(2_000_000)}"]`,
    "long.json, line 1: must have values of at most 1048576 bytes",
  ],
  [
    "what may be a table as well as ids",
    "table.txt",
    "customer,name\na,x\nb,y\n",
    'table.txt, line 1: looks like a table without a column id: "customer,name". Name one of its columns id, or say --input-format ids',
  ],
  [
    "a line without end",
    "long.txt",
    `a\n${"x".repeat(2_000_000)}`,
    "long.txt, line 2: must have lines of at most 1048576 bytes",
  ],
])("refuses %s", async (_, name, content, message) => {
  const path = await fileOf(name, content);
  const thrown = await checkRecords(fileAt(path)).catch((error: unknown) => error);
  expect(thrown).toBeInstanceOf(InputInvalid);
  expect(thrown).toMatchObject({
    code: "input-invalid",
    message: expect.stringContaining(`Record file ${join(folder, message)}`),
  });
});

test.each<[format: InputFormat, text: string, records: readonly unknown[]]>([
  ["ids", 'id,name\n["a"]\n', ["id,name", '["a"]']],
  ["csv", "name;id\nx;a\n", ["a"]],
  ["ndjson", '"id"\n["a"]\n', ["id", ["a"]]],
  ["json", '"id"\n["a"]\n', ["id", ["a"]]],
])("reads a file as %s if its user says so", async (format, text, records) => {
  for (const extension of ["csv", "json", "txt"]) {
    const path = await fileOf(`forced-${format}.${extension}`, text);
    expect(await Array.fromAsync(readRecords({ ...fileAt(path), format }))).toEqual(records);
  }
});

test("refuses a file that does not exist, and a folder", async () => {
  const missing = join(folder, "missing.csv");
  await expect(checkRecords(fileAt(missing))).rejects.toThrow(`Record file ${missing}: does not exist`);
  await expect(checkRecords(fileAt(folder))).rejects.toThrow(`Record file ${folder}: is a folder`);
});

test.each([
  ["txt", "the-id\n"],
  ["csv", "id\n"],
  ["ndjson", '"id"\n'],
  ["json", '{\n"id": "id"\n}\n'],
])("yields records of a .%s file before it has read the rest", async (extension, record) => {
  const path = await fileOf(`tail.${extension}`, record.repeat(200_000));
  await appendFile(path, Buffer.from([0xff]));
  for await (const record of readRecords(fileAt(path))) {
    expect(JSON.stringify(record)).toContain("id");
    return;
  }
  expect.unreachable("the file has records");
});

test("joins lines that the file system hands over in pieces", async () => {
  const ids = Array.from({ length: 20_000 }, (_, at) => `${at} ${"🦊ü".repeat(at % 50)}`);
  const path = await fileOf("pieces.txt", ids.join("\n"));
  expect(await collect(path)).toEqual(ids);
});

async function collect(path: string): Promise<unknown[]> {
  const records: unknown[] = [];
  for await (const record of readRecords(fileAt(path))) records.push(record);
  return records;
}

function fileAt(path: string): RecordFile {
  return { path, name: path };
}

async function fileOf(name: string, content: string | Buffer): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, content);
  return path;
}

function latin1(text: string): Buffer {
  return Buffer.from(text, "latin1");
}
