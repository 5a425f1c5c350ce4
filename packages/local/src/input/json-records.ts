import { messageOf } from "@sluice/core/errors";
import { JSONParser } from "@streamparser/json";
import { InputInvalid } from "./input-invalid.ts";
import { LINE_MAX_BYTES, readChunks } from "./read-lines.ts";
import type { RecordFile } from "./record-file.ts";

/** A piece of a file, at most a line of it. */
interface Piece {
  readonly lineNumber: number;
  readonly text: string;
}

/** The parser's own place and state, which say less than the line. */
const PARSER_DETAILS = / (?:at chunk position|in state) .*/s;

/**
 * Reads JSON over any lines, in bounded memory: the items of one array, or values one after the other, as `jq` prints
 * them.
 * @throws InputInvalid if the file can't be read, is not JSON, or has a value of more than 1 MiB
 */
export async function* readJsonRecords(file: RecordFile): AsyncGenerator<unknown> {
  let parsed: unknown[] = [];
  let parser: JSONParser | undefined;
  let sinceValueLength = 0;
  let lastLine = 1;
  for await (const { lineNumber, text } of readPieces(file)) {
    lastLine = lineNumber;
    if (text.trim() === "") continue;
    parser ??= parserFor(text, (value) => parsed.push(value));
    parse(file, lineNumber, parser, (json) => json.write(text));
    sinceValueLength = parsed.length > 0 ? 0 : sinceValueLength + text.length;
    if (sinceValueLength > LINE_MAX_BYTES) {
      throw new InputInvalid(file, `must have values of at most ${LINE_MAX_BYTES} bytes`, { lineNumber });
    }
    yield* parsed;
    parsed = [];
  }
  // A parser of one value has ended with it.
  if (parser === undefined || parser.isEnded) return;
  parse(file, lastLine, parser, (json) => json.end());
  yield* parsed;
}

function parserFor(start: string, onValue: (value: unknown) => void): JSONParser {
  const isArray = start.trimStart().startsWith("[");
  const parser = new JSONParser(
    isArray ? { paths: ["$.*"], keepStack: false } : { paths: ["$"], separator: "" },
  );
  parser.onValue = ({ value }) => onValue(value);
  return parser;
}

function parse(
  file: RecordFile,
  lineNumber: number,
  parser: JSONParser,
  step: (parser: JSONParser) => void,
): void {
  try {
    step(parser);
  } catch (thrown) {
    const problem = messageOf(thrown).includes("Either not all the data")
      ? "ends in the middle of a value"
      : messageOf(thrown).replace(PARSER_DETAILS, "");
    throw new InputInvalid(file, `is not JSON: ${problem}`, { lineNumber, cause: thrown });
  }
}

async function* readPieces(file: RecordFile): AsyncGenerator<Piece> {
  const decoder = new TextDecoder("utf-8", { fatal: true });
  let lineNumber = 1;
  const decode = (bytes?: Buffer) => {
    try {
      return decoder.decode(bytes, { stream: bytes !== undefined });
    } catch (thrown) {
      throw new InputInvalid(file, "is not valid UTF-8", { cause: thrown });
    }
  };
  for await (const chunk of readChunks(file)) {
    for (const text of decode(chunk).split(/(?<=\n)/)) {
      yield { lineNumber, text };
      if (text.endsWith("\n")) lineNumber += 1;
    }
  }
  yield { lineNumber, text: decode() };
}
