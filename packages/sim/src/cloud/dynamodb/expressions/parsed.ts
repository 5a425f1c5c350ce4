import { invalid } from "../errors.ts";
import type { Action, Condition } from "./ast.ts";
import { type Cursor, createCursor, type Placeholders } from "./cursor.ts";
import { parseCondition } from "./parse-condition.ts";
import { parseUpdate } from "./parse-update.ts";

/** A parsed expression. */
export interface Parsed<Tree> {
  readonly tree: Tree;
  readonly placeholders: Placeholders;
}

/** Longest expression: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html */
const EXPRESSION_BYTES_MAX = 4 * 1_024;
/** Expressions to remember. The stores send a few dozen, and some for each number that stands in them. */
const REMEMBERED_MAX = 10_000;

/** The condition in a text. Texts repeat, so each is parsed once. @throws UnsupportedRequest, DynamoDbError */
export const parsedCondition: (text: string) => Parsed<Condition> = remembering(parseCondition);

/** The update in a text. @throws UnsupportedRequest, DynamoDbError */
export const parsedUpdate: (text: string) => Parsed<readonly Action[]> = remembering(parseUpdate);

function remembering<Tree>(parse: (cursor: Cursor) => Tree): (text: string) => Parsed<Tree> {
  const remembered = new Map<string, Parsed<Tree>>();
  return (text) => {
    const known = remembered.get(text);
    if (known !== undefined) return known;
    if (Buffer.byteLength(text) > EXPRESSION_BYTES_MAX) {
      throw invalid("Expression size has exceeded the maximum allowed size");
    }
    const cursor = createCursor(text);
    const parsed = { tree: parse(cursor), placeholders: cursor.placeholders };
    if (remembered.size >= REMEMBERED_MAX) remembered.clear();
    remembered.set(text, parsed);
    return parsed;
  };
}
