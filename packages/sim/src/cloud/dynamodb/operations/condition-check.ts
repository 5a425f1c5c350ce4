import { DynamoDbError } from "../errors.ts";
import type { Condition } from "../expressions/ast.ts";
import { holds } from "../expressions/holds.ts";
import type { Parsed } from "../expressions/parsed.ts";
import type { Scope } from "../expressions/scope.ts";
import { type AttributeText, marshallMap } from "../values/marshall.ts";

/** Error of a write whose condition did not hold. The item stays in the form of the wire, as the SDK leaves it. */
export class ConditionalCheckFailed extends DynamoDbError {
  declare readonly Item?: Readonly<Record<string, AttributeText>>;

  constructor(item: Readonly<Record<string, AttributeText>> | undefined) {
    super("ConditionalCheckFailedException", "The conditional request failed");
    if (item !== undefined) this.Item = item;
  }
}

/**
 * Lets a write pass whose condition holds, or that has none.
 * @throws ConditionalCheckFailed with the item, if there is one and the request asks for it
 */
export function checkCondition(
  condition: Parsed<Condition> | undefined,
  scope: Scope,
  {
    ReturnValuesOnConditionCheckFailure: told,
  }: { readonly ReturnValuesOnConditionCheckFailure?: string | undefined },
): void {
  if (condition === undefined || holds(condition.tree, scope)) return;
  const isTold = told === "ALL_OLD" && scope.item !== undefined;
  throw new ConditionalCheckFailed(isTold ? marshallMap(scope.item) : undefined);
}
