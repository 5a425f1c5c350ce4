import * as z from "zod";
import { messageOf, StoredRowInvalid } from "../errors.ts";
import { parseStored } from "../parsing/parse-stored.ts";
import { parseDeployedProvider } from "../provider/parse-provider.ts";
import type { Provider } from "../provider/provider.ts";
import { jsonTextSchema } from "./json-text.ts";

/** ElectroDB's model of the contract that a provider's deployment works by: one item. */
export const CONTRACT_MODEL = {
  model: { service: "sluice", entity: "contract", version: "1" },
  attributes: {
    provider: { type: "string", required: true },
    list: { type: ["contract"], required: true },
    json: { type: "string", required: true },
  },
  indexes: {
    byList: {
      pk: { field: "pk", composite: ["provider", "list"], casing: "none" },
      sk: { field: "sk", composite: [], casing: "none" },
    },
  },
} as const;

const rowSchema = z.object({ json: jsonTextSchema });

/** Parses a stored contract. @throws StoredRowInvalid, also for one of a version that knows other options */
export function parseContractRow(row: unknown): Provider {
  const { json } = parseStored(rowSchema, row);
  try {
    return parseDeployedProvider(json, "as it is deployed");
  } catch (thrown) {
    throw new StoredRowInvalid(JSON.stringify(row), messageOf(thrown));
  }
}
