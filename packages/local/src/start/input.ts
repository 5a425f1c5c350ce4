import { fileURLToPath } from "node:url";
import { parseRecord } from "@sluice/core/records";
import { generateRecords } from "../input/generate-records.ts";
import { openRecordFile, STDIN_PATH } from "../input/open-record-file.ts";
import { checkRecords, readRecords } from "../input/read-records.ts";
import type { StartOptions } from "./options.ts";

/** The records of a run. */
export interface RunInput {
  readonly title: string;
  readonly recordCount: number;
  /** Reads them, and notes in `expectedIds` which are valid. */
  records(): AsyncIterable<unknown> | Iterable<unknown>;
  /** Valid, distinct ids that have been read so far, in their order. */
  readonly expectedIds: ReadonlySet<string>;
}

// A climb, because the example lies in no package: it belongs to the repository, whose README names it.
const EXAMPLE = fileURLToPath(new URL("../../../../examples/records.csv", import.meta.url));

/** The part of the command line that names the input. */
export type InputOptions = Pick<StartOptions, "input" | "inputFormat" | "records">;

/**
 * Opens the run's input: a file or a stream, made-up ids, or neither, which means the example. It is read to its end
 * first, so that a broken one is refused before the run begins.
 * @throws InputInvalid
 */
export async function openInput({ input, inputFormat, records }: InputOptions): Promise<RunInput> {
  const expectedIds = new Set<string>();
  if (input === undefined && records !== undefined) {
    const title = `${records} made-up ids`;
    return {
      title,
      recordCount: records,
      records: () => noting(generateRecords(records, "record"), expectedIds),
      expectedIds,
    };
  }
  const isTyped = input === STDIN_PATH && process.stdin.isTTY;
  const file = await openRecordFile({
    path: input ?? EXAMPLE,
    stdin: process.stdin,
    onStream(name) {
      const text = isTyped ? "Reading records; end them with Ctrl-D." : `Reading ${name} to its end`;
      process.stderr.write(`${text}\n`);
    },
    ...(inputFormat && { format: inputFormat }),
  });
  const { recordCount } = await checkRecords(file);
  const read = () => noting(readRecords(file), expectedIds);
  return { title: file.name, recordCount, records: read, expectedIds };
}

async function* noting(
  records: Iterable<unknown> | AsyncIterable<unknown>,
  expectedIds: Set<string>,
): AsyncGenerator<unknown> {
  for await (const input of records) {
    const parsed = parseRecord(input);
    if (parsed.kind === "record") expectedIds.add(parsed.record.id);
    yield input;
  }
}
