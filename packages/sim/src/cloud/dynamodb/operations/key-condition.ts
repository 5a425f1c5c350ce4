import { UnsupportedRequest } from "../errors.ts";
import type { Condition, Operand } from "../expressions/ast.ts";
import { type Bindings, nameIn, valueIn } from "../expressions/scope.ts";

/** The condition of a query: its partition, and the condition on the sort key, if there is one. */
export interface KeyCondition {
  readonly pk: string;
  readonly sort: Condition | undefined;
}

/**
 * Takes the condition of a query apart.
 * @throws UnsupportedRequest for any but `pk` = value, alone or AND one on `sk`
 */
export function keyConditionOf(condition: Condition, bindings: Bindings): KeyCondition {
  const parts = condition.kind === "and" ? condition.all : [condition];
  const pks = parts.flatMap((part) => pkOf(part, bindings) ?? []);
  const sorts = parts.filter((part) => isOnSortKey(part, bindings));
  const [pk] = pks;
  if (pk === undefined || pks.length > 1 || sorts.length > 1 || pks.length + sorts.length < parts.length) {
    throw new UnsupportedRequest("a key condition other than of one partition and one range of it");
  }
  return { pk, sort: sorts[0] };
}

function pkOf(part: Condition, bindings: Bindings): string | undefined {
  if (part.kind !== "compare" || part.by !== "=" || part.right.kind !== "value") return undefined;
  const value = valueIn(bindings, part.right.value);
  return isAttribute(part.left, "pk", bindings) && typeof value === "string" ? value : undefined;
}

function isOnSortKey(part: Condition, bindings: Bindings): boolean {
  switch (part.kind) {
    case "compare":
      return part.by !== "<>" && part.right.kind === "value" && isAttribute(part.left, "sk", bindings);
    case "between":
    case "begins-with":
      return isAttribute(part.operand, "sk", bindings);
    default:
      return false;
  }
}

function isAttribute(operand: Operand, name: string, bindings: Bindings): boolean {
  return operand.kind === "attribute" && nameIn(bindings, operand.name) === name;
}
