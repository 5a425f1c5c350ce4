import { EVIDENCE_SUMS } from "../law/evidence.ts";
import { BREAKER_MODEL } from "./breaker-entity.ts";
import { ORDERS_MODEL } from "./orders-entity.ts";
import { CONTROL_OPTIONS, ORDERED_HOLD_ATTRIBUTES } from "./permit-changes.ts";
import { runPartitionsOf } from "./run-partitions.ts";

/** Rows that a policy lets its holder write, in the terms of IAM's condition keys of DynamoDB. */
export interface RowAccess {
  /** Patterns of `dynamodb:LeadingKeys`: of each partition that is reached. */
  readonly partitions: readonly string[];
  /** Patterns of partitions that are not reached although they match one of those. */
  readonly except: readonly string[];
  /** Names that `dynamodb:Attributes` may have; absent: all. */
  readonly attributes?: readonly string[];
}

/** The rows that an operator writes, by DynamoDB's action. */
export interface OperatorRows {
  readonly updated: readonly RowAccess[];
  readonly put: readonly RowAccess[];
}

/** Attributes that each write of ElectroDB's names. */
const COMMON = ["pk", "sk", "__edb_e__", "__edb_v__", "provider"];

/**
 * The rows that operators write: the orders, and the law's memory that follows from them; of the permits the control and the
 * hold, but no lease, no wish and no split; the runs that they enqueue and cancel; and the events that say so. All may be read.
 * @param providerId `*` for every provider of the tables that a policy names
 */
export function operatorRowsOf(providerId: string): OperatorRows {
  const provider = `$sluice#provider_${providerId}`;
  // A record's key is in its partition's, and may have anything in it.
  const fetches = `${provider}#day_*#*`;
  return {
    updated: [
      {
        partitions: [provider],
        except: [`${provider}#*`],
        attributes: namesOf(BREAKER_MODEL.attributes, ORDERS_MODEL.attributes),
      },
      {
        partitions: [`${provider}#shard_*`],
        except: [fetches],
        attributes: [
          ...COMMON,
          "shard",
          ...["phase", "limit", "epoch", "probeUntilMs"],
          ...CONTROL_OPTIONS,
          ...ORDERED_HOLD_ATTRIBUTES,
          ...EVIDENCE_SUMS,
        ],
      },
      { partitions: runPartitionsOf(providerId), except: [fetches] },
    ],
    put: [{ partitions: [`${provider}#day_????-??-??`], except: [`${provider}#*#*`] }],
  };
}

function namesOf(...models: readonly Readonly<Record<string, unknown>>[]): readonly string[] {
  return [...new Set([...COMMON, ...models.flatMap((attributes) => Object.keys(attributes))])];
}
