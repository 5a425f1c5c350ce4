import { invalid, UnsupportedRequest } from "../errors.ts";
import { type AttributeValue, isList, isSet, kindOf } from "../values/attribute-value.ts";
import { areEqual, orderOf } from "../values/compare.ts";
import type { Comparator, Condition, Operand } from "./ast.ts";
import { attributeIn, type Scope, valueIn } from "./scope.ts";

/** True if a condition holds. An attribute that is missing, or of another type, meets no comparison but `<>`. */
export function holds(condition: Condition, scope: Scope): boolean {
  switch (condition.kind) {
    case "or":
      return condition.any.some((one) => holds(one, scope));
    case "and":
      return condition.all.every((one) => holds(one, scope));
    case "not":
      return !holds(condition.condition, scope);
    case "exists":
      return attributeIn(scope, condition.name) !== undefined;
    case "compare":
      return compares(condition.left, condition.by, condition.right, scope);
    case "between":
      refuseReversed(condition.low, condition.high, scope);
      return (
        compares(condition.operand, ">=", condition.low, scope) &&
        compares(condition.operand, "<=", condition.high, scope)
      );
    case "begins-with":
      return beginsWith(evaluate(condition.operand, scope), evaluate(condition.prefix, scope));
    case "contains":
      return contains(evaluate(condition.operand, scope), evaluate(condition.part, scope));
  }
}

function compares(left: Operand, by: Comparator, right: Operand, scope: Scope): boolean {
  const [one, other] = [evaluate(left, scope), evaluate(right, scope)];
  const isEqual = one !== undefined && other !== undefined && areEqual(one, other);
  if (by === "=") return isEqual;
  if (by === "<>") return !isEqual;
  refuseUnordered(left, one);
  refuseUnordered(right, other);
  const order = one === undefined || other === undefined ? undefined : orderOf(one, other);
  if (order === undefined) return false;
  if (by === "<") return order < 0;
  if (by === "<=") return order <= 0;
  return by === ">" ? order > 0 : order >= 0;
}

/** Bounds that are values of the request's own must be in their order. */
function refuseReversed(low: Operand, high: Operand, scope: Scope): void {
  if (low.kind !== "value" || high.kind !== "value") return;
  const [from, to] = [evaluate(low, scope), evaluate(high, scope)];
  if (from !== undefined && to !== undefined && (orderOf(from, to) ?? 0) > 0)
    throw invalid("The BETWEEN operator requires upper bound to be greater than or equal to lower bound");
}

/** A value of the request's own, unlike one of the item's, must have an order. */
function refuseUnordered(operand: Operand, value: AttributeValue | undefined): void {
  if (operand.kind !== "value" || typeof value === "string" || typeof value === "number") return;
  throw invalid("Incorrect operand type for operator or function");
}

function evaluate(operand: Operand, scope: Scope): AttributeValue | undefined {
  switch (operand.kind) {
    case "attribute":
      return attributeIn(scope, operand.name);
    case "value":
      return valueIn(scope.bindings, operand.value);
    case "size":
      return sizeOf(attributeIn(scope, operand.name));
  }
}

function sizeOf(value: AttributeValue | undefined): number | undefined {
  if (value === undefined) return undefined;
  if (isSet(value)) return value.size;
  if (isList(value)) return value.length;
  throw new UnsupportedRequest(`the size of a value of type ${kindOf(value)}`);
}

function beginsWith(value: AttributeValue | undefined, prefix: AttributeValue | undefined): boolean {
  if (typeof prefix !== "string") throw new UnsupportedRequest("begins_with of anything but text");
  return typeof value === "string" && value.startsWith(prefix);
}

function contains(whole: AttributeValue | undefined, part: AttributeValue | undefined): boolean {
  if (whole === undefined || part === undefined) return false;
  if (typeof whole === "string") return typeof part === "string" && whole.includes(part);
  if (isSet(whole)) return (typeof part === "string" || typeof part === "number") && whole.has(part);
  return isList(whole) && whole.some((member) => areEqual(member, part));
}
