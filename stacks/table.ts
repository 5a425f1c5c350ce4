import { plan, settings } from "./deployment.ts";
import { kmsKeyArn } from "./encryption.ts";

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
      // False: by a key that AWS owns. Each use of one in the account is billed.
      serverSideEncryption: kmsKeyArn === undefined ? { enabled: false } : { enabled: true, kmsKeyArn },
    },
  },
});
