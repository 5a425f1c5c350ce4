import { invalid } from "../errors.ts";
import { type AttributeValue, attributeOf, type Item, storedMap } from "../values/attribute-value.ts";
import type { Parsed } from "./parsed.ts";

/** All that the placeholders of a request stand for. */
export interface Bindings {
  readonly names: Readonly<Record<string, string>>;
  readonly values: Readonly<Record<string, AttributeValue>>;
}

/** Bindings, and the item that the attributes are of; undefined if there is none. */
export interface Scope {
  readonly bindings: Bindings;
  readonly item: Item | undefined;
}

/** The parts of a request that bind placeholders. */
export interface BindingInput {
  readonly ExpressionAttributeNames?: Readonly<Record<string, string>> | undefined;
  readonly ExpressionAttributeValues?: Readonly<Record<string, unknown>> | undefined;
}

type Expressions = readonly (Parsed<unknown> | undefined)[];

/**
 * The bindings of a request with these expressions.
 * @throws DynamoDbError if a placeholder stands for nothing, or is bound and not used
 */
export function bindingsOf(input: BindingInput, expressions: Expressions): Bindings {
  const names = input.ExpressionAttributeNames ?? {};
  const values = storedMap(input.ExpressionAttributeValues ?? {});
  for (const expression of expressions) {
    if (expression === undefined) continue;
    refuseUnbound(expression.placeholders.names, names, "name");
    refuseUnbound(expression.placeholders.values, values, "value");
  }
  for (const name in names) {
    if (!isUsed(expressions, name)) throw unused("Names", name);
  }
  for (const value in values) {
    if (!isUsed(expressions, value)) throw unused("Values", value);
  }
  return { names, values };
}

function refuseUnbound(placeholders: ReadonlySet<string>, bound: object, what: string): void {
  for (const placeholder of placeholders) {
    if (Object.hasOwn(bound, placeholder)) continue;
    throw invalid(`An expression attribute ${what} used in the expression is not defined: ${placeholder}`);
  }
}

function isUsed(expressions: Expressions, placeholder: string): boolean {
  return expressions.some(
    (one) => one?.placeholders.names.has(placeholder) || one?.placeholders.values.has(placeholder),
  );
}

function unused(kind: string, placeholder: string): Error {
  return invalid(
    `Value provided in ExpressionAttribute${kind} unused in expressions: keys: {${placeholder}}`,
  );
}

/** The name of an attribute behind its placeholder. */
export function nameIn({ names }: Bindings, placeholder: string): string {
  const name = names[placeholder];
  if (name === undefined) throw invalid(`An expression attribute name is not defined: ${placeholder}`);
  return name;
}

/** The value behind its placeholder. */
export function valueIn({ values }: Bindings, placeholder: string): AttributeValue {
  const value = values[placeholder];
  if (value === undefined) throw invalid(`An expression attribute value is not defined: ${placeholder}`);
  return value;
}

/** The attribute behind its placeholder; undefined if the item does not have it. */
export function attributeIn({ bindings, item }: Scope, placeholder: string): AttributeValue | undefined {
  return attributeOf(item, nameIn(bindings, placeholder));
}
