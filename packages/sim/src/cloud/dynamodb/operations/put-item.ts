import * as z from "zod";
import { invalid } from "../errors.ts";
import { parsedCondition } from "../expressions/parsed.ts";
import { bindingsOf } from "../expressions/scope.ts";
import { keyOf } from "../keys.ts";
import { copyOf, storedMap } from "../values/attribute-value.ts";
import { isTooLarge } from "../values/item-size.ts";
import { checkCondition } from "./condition-check.ts";
import { mapSchema, namesSchema, readInput, refusalSchema } from "./input.ts";
import type { Operation } from "./operation.ts";

const schema = z.strictObject({
  TableName: z.string(),
  Item: mapSchema,
  ConditionExpression: z.string().optional(),
  ExpressionAttributeNames: namesSchema,
  ExpressionAttributeValues: mapSchema.optional(),
  ReturnValues: z.enum(["NONE", "ALL_OLD"]).optional(),
  ReturnValuesOnConditionCheckFailure: refusalSchema,
});

/** PutItem. */
export const putItem: Operation = {
  name: "PutItem",
  isWrite: true,
  prepare(request) {
    const input = readInput(schema, request);
    const next = storedMap(input.Item);
    const key = keyOf(next);
    if (isTooLarge(next)) throw invalid("Item size has exceeded the maximum allowed size");
    const condition = input.ConditionExpression ? parsedCondition(input.ConditionExpression) : undefined;
    const bindings = bindingsOf(input, [condition]);
    return {
      key,
      apply(items) {
        const item = items.get(key);
        checkCondition(condition, { bindings, item }, input);
        items.put(key, next);
        return input.ReturnValues === "ALL_OLD" && item !== undefined ? { Attributes: copyOf(item) } : {};
      },
    };
  },
};
