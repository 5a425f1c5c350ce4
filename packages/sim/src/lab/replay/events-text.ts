import { messageOf, SluiceError } from "@sluice/core/errors";

/** A file of events that can't be used; the message says what is wrong, where, and what to do. */
export class EventsInvalid extends SluiceError {
  constructor(source: string, problem: string, options?: ErrorOptions) {
    super("input-invalid", `The events of ${source} can't be replayed: ${problem}`, options);
  }
}

const HOW_TO_GET =
  "Save what aws dynamodb query prints with --output json, without --projection-expression and --query.";
const BYTE_ORDER_MARK = /^\uFEFF/;

/** A value of a file, and the place that it has there. */
export interface PlacedValue {
  readonly place: string;
  readonly value: unknown;
}

/**
 * The values of a file that are to be events, DynamoDB's types taken off: of the output of `aws dynamodb query`, of a
 * JSON list, or one on each line.
 * @throws EventsInvalid
 */
export function eventValues(text: string, source: string): readonly PlacedValue[] {
  const json = text.replace(BYTE_ORDER_MARK, "");
  if (json.trim() === "") throw new EventsInvalid(source, `there is nothing in it. ${HOW_TO_GET}`);
  const lines = json.split("\n").flatMap((line, at) => (line.trim() === "" ? [] : [{ line, at }]));
  const [first] = lines;
  if (lines.length > 1 && first !== undefined && isJson(first.line)) {
    return lines.map(({ line, at }) => ({
      place: `line ${at + 1}`,
      value: untyped(lineValue(line, at + 1, at === lines.at(-1)?.at, source)),
    }));
  }
  return listIn(wholeValue(json, source), source).map((value, at) => ({
    place: `event ${at + 1}`,
    value: untyped(value),
  }));
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

function lineValue(line: string, number: number, isLast: boolean, source: string): unknown {
  try {
    return JSON.parse(line);
  } catch (thrown) {
    const why = isLast
      ? "ends in the middle: the file was cut off. Fetch it again, or delete that line."
      : `is no JSON: ${messageOf(thrown)}.`;
    throw new EventsInvalid(source, `line ${number} ${why}`, { cause: thrown });
  }
}

function wholeValue(json: string, source: string): unknown {
  try {
    return JSON.parse(json);
  } catch (thrown) {
    const what = endsIn(json, messageOf(thrown)) ? "its JSON is cut off" : "it is no JSON";
    throw new EventsInvalid(source, `${what}: ${messageOf(thrown)}. ${HOW_TO_GET}`, { cause: thrown });
  }
}

/** True if the parser found nothing wrong but the end. */
function endsIn(json: string, message: string): boolean {
  const [, position] = /position (\d+)/.exec(message) ?? [];
  const isAtEnd = position !== undefined && Number(position) >= json.trimEnd().length;
  return isAtEnd || /end of JSON|Unterminated/.test(message);
}

function listIn(value: unknown, source: string): readonly unknown[] {
  if (Array.isArray(value)) return value;
  if (isObject(value) && Array.isArray(value.Items)) return value.Items;
  if (isObject(value) && "kind" in value) return [value];
  throw new EventsInvalid(
    source,
    `it is JSON, but neither a list of events nor an object with Items. ${HOW_TO_GET}`,
  );
}

/** An item without the types that DynamoDB writes around its values: `{ "S": "text" }`, `{ "N": "7" }`. */
function untyped(value: unknown): unknown {
  if (!isObject(value) || !isObject(value.kind)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, typed]) => {
      const { S: text, N: number } = isObject(typed) ? typed : {};
      return [name, number === undefined ? text : Number(number)];
    }),
  );
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
