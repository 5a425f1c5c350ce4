import { isProduction, plan } from "./deployment.ts";

const { name, partitionKey, sortKey, expiryAttribute } = plan.table;

/** The table of the records fetched today, each attempt, the breaker's state, and each of its decisions. */
export const table = new sst.aws.Dynamo("Table", {
  fields: { [partitionKey]: "string", [sortKey]: "string" },
  primaryIndex: { hashKey: partitionKey, rangeKey: sortKey },
  ttl: expiryAttribute,
  deletionProtection: isProduction,
  transform: {
    table: {
      name,
      billingMode: "PAY_PER_REQUEST",
      pointInTimeRecovery: { enabled: true },
      serverSideEncryption: { enabled: true },
    },
  },
});
