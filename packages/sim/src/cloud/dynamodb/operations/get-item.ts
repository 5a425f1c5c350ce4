import * as z from "zod";
import { onlyKeyOf } from "../keys.ts";
import { copyOf, storedMap } from "../values/attribute-value.ts";
import { mapSchema, readInput } from "./input.ts";
import type { Operation } from "./operation.ts";

const schema = z.strictObject({
  TableName: z.string(),
  Key: mapSchema,
  ConsistentRead: z.boolean().optional(),
});

/** GetItem. Every read is consistent. */
export const getItem: Operation = {
  name: "GetItem",
  isWrite: false,
  prepare(request) {
    const key = onlyKeyOf(storedMap(readInput(schema, request).Key));
    return {
      key,
      apply(items) {
        const item = items.get(key);
        return item === undefined ? {} : { Item: copyOf(item) };
      },
    };
  },
};
