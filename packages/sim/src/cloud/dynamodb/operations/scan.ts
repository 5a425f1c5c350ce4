import * as z from "zod";
import { parsedCondition } from "../expressions/parsed.ts";
import { bindingsOf } from "../expressions/scope.ts";
import { onlyKeyOf } from "../keys.ts";
import { storedMap } from "../values/attribute-value.ts";
import { mapSchema, namesSchema, readInput } from "./input.ts";
import type { Operation } from "./operation.ts";
import { pageOf } from "./pages.ts";

const schema = z.strictObject({
  TableName: z.string(),
  FilterExpression: z.string().optional(),
  ExpressionAttributeNames: namesSchema,
  ExpressionAttributeValues: mapSchema.optional(),
  ExclusiveStartKey: mapSchema.optional(),
  Limit: z.int().min(1).optional(),
  ConsistentRead: z.boolean().optional(),
});

/** Scan. Partitions come in the order in which they were first written, where DynamoDB's is of its own. */
export const scan: Operation = {
  name: "Scan",
  isWrite: false,
  prepare(request) {
    const input = readInput(schema, request);
    const filter = input.FilterExpression ? parsedCondition(input.FilterExpression) : undefined;
    const bindings = bindingsOf(input, [filter]);
    const start = input.ExclusiveStartKey && onlyKeyOf(storedMap(input.ExclusiveStartKey));
    return {
      key: {},
      apply: (items) => pageOf(items.after(start), { filter, bindings, limit: input.Limit }),
    };
  },
};
