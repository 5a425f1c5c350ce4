import * as z from "zod";
import { invalid } from "../errors.ts";
import { applyUpdate, refuseOverlaps } from "../expressions/apply-update.ts";
import { parsedCondition, parsedUpdate } from "../expressions/parsed.ts";
import { bindingsOf } from "../expressions/scope.ts";
import type { Items } from "../items.ts";
import { onlyKeyOf } from "../keys.ts";
import { copyOf, storedMap } from "../values/attribute-value.ts";
import { isTooLarge } from "../values/item-size.ts";
import { checkCondition } from "./condition-check.ts";
import { mapSchema, namesSchema, readInput, refusalSchema } from "./input.ts";
import type { Operation, PreparedRequest, TableResponse } from "./operation.ts";

const schema = z.strictObject({
  TableName: z.string(),
  Key: mapSchema,
  UpdateExpression: z.string(),
  ConditionExpression: z.string().optional(),
  ExpressionAttributeNames: namesSchema,
  ExpressionAttributeValues: mapSchema.optional(),
  ReturnValues: z.enum(["NONE", "ALL_OLD", "ALL_NEW"]).optional(),
  ReturnValuesOnConditionCheckFailure: refusalSchema,
});

/** UpdateItem. */
export const updateItem: Operation = { name: "UpdateItem", isWrite: true, prepare };

function prepare(request: unknown): PreparedRequest {
  const input = readInput(schema, request);
  const key = onlyKeyOf(storedMap(input.Key));
  const update = parsedUpdate(input.UpdateExpression);
  const condition = input.ConditionExpression ? parsedCondition(input.ConditionExpression) : undefined;
  const bindings = bindingsOf(input, [update, condition]);
  refuseOverlaps(update.tree, bindings);

  function apply(items: Items): TableResponse {
    const item = items.get(key);
    const scope = { bindings, item };
    checkCondition(condition, scope, input);
    const next = applyUpdate(update.tree, scope, item ?? { ...key });
    if (isTooLarge(next)) throw invalid("Item size to update has exceeded the maximum allowed size");
    items.put(key, next);
    if (input.ReturnValues === "ALL_NEW") return { Attributes: copyOf(next) };
    return input.ReturnValues === "ALL_OLD" && item !== undefined ? { Attributes: copyOf(item) } : {};
  }

  return { key, apply };
}
