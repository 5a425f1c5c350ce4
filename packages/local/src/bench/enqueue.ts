import { fork } from "node:child_process";
import { once } from "node:events";
import { createWriteStream } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { runCommand } from "@sluice/sim/command";
import { generateRecords } from "../input/generate-records.ts";
import { createScratchFolder } from "../scratch/scratch-folder.ts";
import type { EnqueueMeasure } from "./enqueue-child.ts";
import { parseEnqueueBenchOptions } from "./enqueue-options.ts";

/*
 * Measures how fast the scheduler enqueues a file, and how much memory its process takes, beside a bare loop of
 * SendMessageBatch with as many batches under way; and what it takes to read the run once all but one record have had their
 * end. Queue and table are emulators in a process of their own, fresh for each.
 */

const CHILD = fileURLToPath(new URL("./enqueue-child.ts", import.meta.url));
// A process of their own: what they load and hold is not counted.
const EMULATORS = fileURLToPath(new URL("./emulators-child.ts", import.meta.url));

/** Caps V8's space for young objects, which on a machine with much memory grows to 128 MB with any program. */
const YOUNG_OBJECTS = "--max-semi-space-size=16";

async function main(args: readonly string[]): Promise<number> {
  const recordCount = parseEnqueueBenchOptions(args);
  const path = join(createScratchFolder().path, "records.txt");
  await writeIds(path, recordCount);
  const bare = await measure("bare", path);
  const scheduler = await measure("scheduler", path);
  process.stdout.write(
    [
      `records              ${recordCount}`,
      `bare loop            ${describe(bare)}`,
      `scheduler SDK        ${describe(scheduler)}`,
      `rate, SDK ÷ bare     ${(bare.seconds / scheduler.seconds).toFixed(2)}`,
      `run's progress       ${progressText(scheduler)}`,
      "",
    ].join("\n"),
  );
  return 0;
}

async function writeIds(file: string, count: number): Promise<void> {
  const stream = createWriteStream(file);
  for (const id of generateRecords(count, "customer-record")) {
    if (!stream.write(`${id}\n`)) await once(stream, "drain");
  }
  stream.end();
  await once(stream, "close");
}

async function measure(way: "bare" | "scheduler", file: string): Promise<EnqueueMeasure> {
  const emulator = fork(EMULATORS);
  const [endpoints] = await once(emulator, "message");
  const client = fork(CHILD, [way, JSON.stringify(endpoints), file], { execArgv: [YOUNG_OBJECTS] });
  const [measured] = await once(client, "message");
  emulator.kill();
  await once(emulator, "exit");
  return measured;
}

function progressText({ progress }: EnqueueMeasure): string {
  if (progress === undefined) return "not read";
  const { open, seconds, readUnits } = progress;
  return `${open} open, read in ${seconds.toFixed(2)} s and ${readUnits} read units`;
}

function describe({ accepted, seconds, peakRssMb }: EnqueueMeasure): string {
  const rate = Math.round(accepted / seconds);
  return `${accepted} in ${seconds.toFixed(1)} s, ${rate} records/s, ${peakRssMb} MB resident at most`;
}

await runCommand(main);
