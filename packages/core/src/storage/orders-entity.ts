import * as z from "zod";
import { parseStored } from "../parsing/parse-stored.ts";
import type { StoredOrders } from "../ports/orders-store.ts";
import { jsonTextSchema } from "./json-text.ts";

/** ElectroDB's model of the orders of a provider's operators: one item, whose orders are JSON text. */
export const ORDERS_MODEL = {
  model: { service: "sluice", entity: "orders", version: "1" },
  attributes: {
    provider: { type: "string", required: true },
    version: { type: "number", required: true },
    json: { type: "string", required: true },
  },
  indexes: {
    byProvider: {
      pk: { field: "pk", composite: ["provider"], casing: "none" },
      sk: { field: "sk", composite: [], casing: "none" },
    },
  },
} as const;

const rowSchema = z
  .object({ version: z.int().min(1), json: jsonTextSchema })
  .transform(({ version, json }): StoredOrders => ({ version, orders: json }));

/** Parses a stored row. @throws StoredRowInvalid */
export function parseOrdersRow(row: unknown): StoredOrders {
  return parseStored(rowSchema, row);
}
