import { invalid } from "../errors.ts";
import { isKeyAttribute } from "../keys.ts";
import { addDecimals } from "../values/add-decimals.ts";
import {
  type AttributeValue,
  attributeOf,
  type Item,
  isList,
  isSet,
  kindOf,
} from "../values/attribute-value.ts";
import type { Action, Formula } from "./ast.ts";
import { attributeIn, type Bindings, nameIn, type Scope, valueIn } from "./scope.ts";

const WRONG_TYPE = "An operand in the update expression has an incorrect data type";

/**
 * An item after an update; `base` is the item, or what there is of one that is new. Every action sees the item as it
 * was before all of them.
 * @throws DynamoDbError for operands of the wrong type
 */
export function applyUpdate(actions: readonly Action[], scope: Scope, base: Item): Item {
  const next: Record<string, AttributeValue> = { ...base };
  for (const action of actions) {
    const name = nameIn(scope.bindings, action.name);
    const value = valueAfter(action, attributeOf(scope.item, name), scope);
    if (value === undefined) delete next[name];
    else next[name] = value;
  }
  return next;
}

/** Lets pass an update with at most one action on each attribute, and none on the key's. @throws DynamoDbError */
export function refuseOverlaps(actions: readonly Action[], bindings: Bindings): void {
  const seen = new Set<string>();
  for (const { name: placeholder } of actions) {
    const name = nameIn(bindings, placeholder);
    if (isKeyAttribute(name)) {
      throw invalid(`Cannot update attribute ${name}. This attribute is part of the key`);
    }
    if (seen.has(name)) {
      throw invalid(
        "Two document paths overlap with each other; must remove or rewrite one of these paths; " +
          `path one: [${name}], path two: [${name}]`,
      );
    }
    seen.add(name);
  }
}

/** The attribute after an action; undefined if it is gone. */
function valueAfter(
  action: Action,
  before: AttributeValue | undefined,
  scope: Scope,
): AttributeValue | undefined {
  switch (action.kind) {
    case "set":
      return evaluate(action.to, scope);
    case "remove":
      return undefined;
    case "add":
      return added(before, valueIn(scope.bindings, action.value));
    case "delete":
      return deleted(before, valueIn(scope.bindings, action.value));
  }
}

function added(before: AttributeValue | undefined, value: AttributeValue): AttributeValue {
  if (typeof value === "number") {
    if (before === undefined) return value;
    if (typeof before !== "number") throw invalid(WRONG_TYPE);
    return addDecimals(before, value);
  }
  if (!isSet(value)) throw invalid("Incorrect operand type for operator or function; operator: ADD");
  if (before === undefined) return value;
  if (!isSet(before) || kindOf(before) !== kindOf(value)) throw invalid(WRONG_TYPE);
  return new Set([...before, ...value]);
}

function deleted(before: AttributeValue | undefined, value: AttributeValue): AttributeValue | undefined {
  if (!isSet(value)) throw invalid("Incorrect operand type for operator or function; operator: DELETE");
  if (before === undefined) return undefined;
  if (!isSet(before) || kindOf(before) !== kindOf(value)) throw invalid(WRONG_TYPE);
  const left = new Set([...before].filter((member) => !value.has(member)));
  return left.size === 0 ? undefined : left;
}

function evaluate(formula: Formula, scope: Scope): AttributeValue {
  switch (formula.kind) {
    case "value":
      return valueIn(scope.bindings, formula.value);
    case "attribute":
      return existing(attributeIn(scope, formula.name));
    case "if-not-exists": {
      const value = attributeIn(scope, formula.name);
      return value === undefined ? evaluate(formula.otherwise, scope) : value;
    }
    case "list-append": {
      const [head, tail] = [evaluate(formula.head, scope), evaluate(formula.tail, scope)];
      if (!isList(head) || !isList(tail)) throw invalid(WRONG_TYPE);
      return [...head, ...tail];
    }
    case "arithmetic": {
      const [left, right] = [evaluate(formula.left, scope), evaluate(formula.right, scope)];
      if (typeof left !== "number" || typeof right !== "number") throw invalid(WRONG_TYPE);
      return addDecimals(left, formula.sign === "+" ? right : -right);
    }
  }
}

function existing(value: AttributeValue | undefined): AttributeValue {
  if (value !== undefined) return value;
  throw invalid("The provided expression refers to an attribute that does not exist in the item");
}
