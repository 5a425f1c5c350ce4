import { invalid } from "../errors.ts";
import type { Comparator, Condition, Operand } from "./ast.ts";
import type { Cursor } from "./cursor.ts";

/**
 * Parses a condition: NOT binds closer than AND, AND closer than OR.
 * @throws UnsupportedRequest for what the grammar does not know, DynamoDbError for needless parentheses
 */
export function parseCondition(cursor: Cursor): Condition {
  const condition = parseOr(cursor);
  if (cursor.peek().kind !== "end") throw cursor.surprise();
  return condition;
}

function parseOr(cursor: Cursor): Condition {
  const first = parseAnd(cursor);
  const any = [first];
  while (cursor.takes("OR")) any.push(parseAnd(cursor));
  return any.length === 1 ? first : { kind: "or", any };
}

function parseAnd(cursor: Cursor): Condition {
  const first = parseNot(cursor);
  const all = [first];
  while (cursor.takes("AND")) all.push(parseNot(cursor));
  return all.length === 1 ? first : { kind: "and", all };
}

function parseNot(cursor: Cursor): Condition {
  return cursor.takes("NOT") ? { kind: "not", condition: parseNot(cursor) } : parsePrimary(cursor);
}

function parsePrimary(cursor: Cursor): Condition {
  if (cursor.takes("(")) return parseParenthesized(cursor);
  const { kind, text } = cursor.peek();
  return kind === "word" && text !== "size" ? parseFunction(cursor) : parseComparison(cursor);
}

/** Conditions with parentheses around them: DynamoDB refuses a second pair. */
const parenthesized = new WeakSet<Condition>();

function parseParenthesized(cursor: Cursor): Condition {
  const condition = parseOr(cursor);
  cursor.expect(")");
  if (parenthesized.has(condition)) throw invalid("The expression has redundant parentheses");
  parenthesized.add(condition);
  return condition;
}

function parseFunction(cursor: Cursor): Condition {
  const { text } = cursor.next();
  cursor.expect("(");
  const condition = parseArguments(cursor, text);
  cursor.expect(")");
  return condition;
}

function parseArguments(cursor: Cursor, text: string): Condition {
  switch (text) {
    case "attribute_exists":
      return { kind: "exists", name: cursor.name() };
    case "attribute_not_exists":
      return { kind: "not", condition: { kind: "exists", name: cursor.name() } };
    case "begins_with": {
      const [operand, prefix] = parsePair(cursor);
      return { kind: "begins-with", operand, prefix };
    }
    case "contains": {
      const [operand, part] = parsePair(cursor);
      return { kind: "contains", operand, part };
    }
    default:
      throw cursor.surprise();
  }
}

function parsePair(cursor: Cursor): [one: Operand, other: Operand] {
  const one = parseOperand(cursor);
  cursor.expect(",");
  return [one, parseOperand(cursor)];
}

function parseComparison(cursor: Cursor): Condition {
  const left = parseOperand(cursor);
  if (cursor.takes("BETWEEN")) {
    const low = parseOperand(cursor);
    cursor.expect("AND");
    return { kind: "between", operand: left, low, high: parseOperand(cursor) };
  }
  return { kind: "compare", left, by: parseComparator(cursor), right: parseOperand(cursor) };
}

const COMPARATORS: readonly Comparator[] = ["=", "<>", "<", "<=", ">", ">="];

function parseComparator(cursor: Cursor): Comparator {
  const found = COMPARATORS.find((comparator) => cursor.takes(comparator));
  if (found === undefined) throw cursor.surprise();
  return found;
}

function parseOperand(cursor: Cursor): Operand {
  const { kind, text } = cursor.peek();
  if (kind === "value") return { kind: "value", value: cursor.value() };
  if (kind !== "word" || text !== "size") return { kind: "attribute", name: cursor.name() };
  cursor.next();
  cursor.expect("(");
  const name = cursor.name();
  cursor.expect(")");
  return { kind: "size", name };
}
