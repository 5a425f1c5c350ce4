import { invalid } from "../errors.ts";
import type { Action, Formula } from "./ast.ts";
import type { Cursor } from "./cursor.ts";

/** The clauses of an update, each of which may stand in it once. */
const CLAUSES: Readonly<Record<string, (cursor: Cursor) => Action>> = {
  SET: parseSet,
  REMOVE: (cursor) => ({ kind: "remove", name: cursor.name() }),
  ADD: (cursor) => ({ kind: "add", name: cursor.name(), value: cursor.value() }),
  DELETE: (cursor) => ({ kind: "delete", name: cursor.name(), value: cursor.value() }),
};

/**
 * Parses an update.
 * @throws UnsupportedRequest for what the grammar does not know, DynamoDbError for a clause that stands twice
 */
export function parseUpdate(cursor: Cursor): readonly Action[] {
  const actions: Action[] = [];
  const seen = new Set<string>();
  do {
    const clause = Object.keys(CLAUSES).find((keyword) => cursor.takes(keyword));
    const parse = clause === undefined ? undefined : CLAUSES[clause];
    if (clause === undefined || parse === undefined) throw cursor.surprise();
    if (seen.has(clause))
      throw invalid(`The "${clause}" section can only be used once in an update expression`);
    seen.add(clause);
    do actions.push(parse(cursor));
    while (cursor.takes(","));
  } while (cursor.peek().kind !== "end");
  return actions;
}

function parseSet(cursor: Cursor): Action {
  const name = cursor.name();
  cursor.expect("=");
  return { kind: "set", name, to: parseFormula(cursor) };
}

function parseFormula(cursor: Cursor): Formula {
  const left = parseTerm(cursor);
  const sign = cursor.takes("+") ? "+" : cursor.takes("-") ? "-" : undefined;
  return sign === undefined ? left : { kind: "arithmetic", sign, left, right: parseTerm(cursor) };
}

function parseTerm(cursor: Cursor): Formula {
  if (cursor.takes("(")) {
    const formula = parseFormula(cursor);
    cursor.expect(")");
    return formula;
  }
  const { kind } = cursor.peek();
  if (kind === "value") return { kind: "value", value: cursor.value() };
  return kind === "word" ? parseFunction(cursor) : { kind: "attribute", name: cursor.name() };
}

function parseFunction(cursor: Cursor): Formula {
  const { text } = cursor.peek();
  if (text !== "if_not_exists" && text !== "list_append") throw cursor.surprise();
  cursor.next();
  cursor.expect("(");
  const formula = text === "if_not_exists" ? parseIfNotExists(cursor) : parseListAppend(cursor);
  cursor.expect(")");
  return formula;
}

function parseIfNotExists(cursor: Cursor): Formula {
  const name = cursor.name();
  cursor.expect(",");
  return { kind: "if-not-exists", name, otherwise: parseTerm(cursor) };
}

function parseListAppend(cursor: Cursor): Formula {
  const head = parseTerm(cursor);
  cursor.expect(",");
  return { kind: "list-append", head, tail: parseTerm(cursor) };
}
