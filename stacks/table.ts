import { plan, settings } from "./deployment.ts";

const { name, partitionKey, sortKey, expiryAttribute } = plan.table;

/** The table of the records fetched today, each attempt, the breaker's state, and each of its decisions. */
export const table = new sst.aws.Dynamo("Table", {
  fields: { [partitionKey]: "string", [sortKey]: "string" },
  primaryIndex: { hashKey: partitionKey, rangeKey: sortKey },
  ttl: expiryAttribute,
  deletionProtection: settings.retention.isKept,
  transform: {
    table: {
      name,
      billingMode: "PAY_PER_REQUEST",
      pointInTimeRecovery: { enabled: true, recoveryPeriodInDays: settings.retention.recoveryDays },
      // By a key that AWS owns: each use of one in the account is billed.
      serverSideEncryption: { enabled: false },
    },
  },
});
