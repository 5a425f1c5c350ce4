import * as z from "zod";
import { holds } from "../expressions/holds.ts";
import { parsedCondition } from "../expressions/parsed.ts";
import { bindingsOf } from "../expressions/scope.ts";
import { onlyKeyOf } from "../keys.ts";
import { storedMap } from "../values/attribute-value.ts";
import { compareText } from "../values/text-order.ts";
import { mapSchema, namesSchema, readInput } from "./input.ts";
import { keyConditionOf } from "./key-condition.ts";
import type { Operation, PreparedRequest } from "./operation.ts";
import { pageOf } from "./pages.ts";

const schema = z.strictObject({
  TableName: z.string(),
  KeyConditionExpression: z.string(),
  FilterExpression: z.string().optional(),
  ExpressionAttributeNames: namesSchema,
  ExpressionAttributeValues: mapSchema.optional(),
  ExclusiveStartKey: mapSchema.optional(),
  Limit: z.int().min(1).optional(),
  ConsistentRead: z.boolean().optional(),
  ScanIndexForward: z.boolean().optional(),
});

/** Query of the table; there is no index. */
export const query: Operation = { name: "Query", isWrite: false, prepare };

function prepare(request: unknown): PreparedRequest {
  const input = readInput(schema, request);
  const keyed = parsedCondition(input.KeyConditionExpression);
  const filter = input.FilterExpression ? parsedCondition(input.FilterExpression) : undefined;
  const bindings = bindingsOf(input, [keyed, filter]);
  const { pk, sort } = keyConditionOf(keyed.tree, bindings);
  const start = input.ExclusiveStartKey && onlyKeyOf(storedMap(input.ExclusiveStartKey));
  const direction = input.ScanIndexForward === false ? -1 : 1;

  return {
    key: { pk },
    apply(items) {
      const found = items
        .partition(pk)
        .filter(
          (item) =>
            (sort === undefined || holds(sort, { bindings, item })) &&
            (start === undefined || direction * compareText(String(item.sk), start.sk) > 0),
        );
      const ordered = direction < 0 ? found.toReversed() : found;
      return pageOf(ordered, { filter, bindings, limit: input.Limit });
    },
  };
}
