import * as z from "zod";
import { parsedCondition } from "../expressions/parsed.ts";
import { bindingsOf } from "../expressions/scope.ts";
import { onlyKeyOf } from "../keys.ts";
import { copyOf, storedMap } from "../values/attribute-value.ts";
import { checkCondition } from "./condition-check.ts";
import { mapSchema, namesSchema, readInput, refusalSchema } from "./input.ts";
import type { Operation } from "./operation.ts";

const schema = z.strictObject({
  TableName: z.string(),
  Key: mapSchema,
  ConditionExpression: z.string().optional(),
  ExpressionAttributeNames: namesSchema,
  ExpressionAttributeValues: mapSchema.optional(),
  ReturnValues: z.enum(["NONE", "ALL_OLD"]).optional(),
  ReturnValuesOnConditionCheckFailure: refusalSchema,
});

/** DeleteItem. */
export const deleteItem: Operation = {
  name: "DeleteItem",
  isWrite: true,
  prepare(request) {
    const input = readInput(schema, request);
    const key = onlyKeyOf(storedMap(input.Key));
    const condition = input.ConditionExpression ? parsedCondition(input.ConditionExpression) : undefined;
    const bindings = bindingsOf(input, [condition]);
    return {
      key,
      apply(items) {
        const item = items.get(key);
        checkCondition(condition, { bindings, item }, input);
        items.remove(key);
        return input.ReturnValues === "ALL_OLD" && item !== undefined ? { Attributes: copyOf(item) } : {};
      },
    };
  },
};
