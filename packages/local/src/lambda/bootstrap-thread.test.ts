import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createScratchFolder, type ScratchFolder } from "../scratch/scratch-folder.ts";
import { startThread, type Thread } from "./bootstrap-thread.ts";

let folder: ScratchFolder;
beforeEach(() => {
  folder = createScratchFolder();
});
afterEach(() => folder.remove());

async function start(source: string): Promise<Thread> {
  const bundlePath = join(folder.path, "bundle.mjs");
  await writeFile(bundlePath, source);
  const names = { functionName: "f", functionArn: "arn:f", logGroupName: "g", logStreamName: "s" };
  return startThread({ boot: { bundlePath, memoryMb: 64, ...names }, variables: {}, onLine: () => {} });
}

const CALL = { requestId: "r", payload: "{}", deadlineAtMs: Number.POSITIVE_INFINITY };

test("each next message is handed over once, and the end at last", async () => {
  const thread = await start(
    `let calls = 0; export const handler = async () => (calls += 1) < 3 ? calls : process.exit(4);`,
  );
  expect(await thread.next()).toEqual({ kind: "ready" });
  for (const payload of ["1", "2"]) {
    const next = thread.next();
    thread.post(CALL);
    expect(await next).toEqual({ kind: "answered", payload });
  }
  const next = thread.next();
  thread.post(CALL);
  expect(await next).toMatchObject({ kind: "exited", reason: expect.stringContaining("status 4") });
});

test("what comes next after the end is the end", async () => {
  const thread = await start("export const handler = async () => {};");
  await thread.next();
  await thread.terminate();
  const end = await thread.exited;
  expect(end).toMatchObject({ kind: "exited", wasTerminated: true });
  expect([await thread.next(), await thread.next()]).toEqual([end, end]);
});
