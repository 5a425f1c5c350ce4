import type { Billable } from "./billable.ts";
import { PRICES_USD } from "./prices.ts";

/** The price of a run, in US dollars. */
export function usdOf(billable: Billable): number {
  return (
    billable.lambdaRequests * PRICES_USD.lambdaRequest +
    billable.lambdaGbSeconds * PRICES_USD.lambdaGbSecond +
    billable.sqsRequests * PRICES_USD.sqsRequest +
    billable.dynamodbWriteUnits * PRICES_USD.dynamodbWriteUnit +
    billable.dynamodbReadUnits * PRICES_USD.dynamodbReadUnit +
    billable.schedulerInvocations * PRICES_USD.schedulerInvocation
  );
}

/** The price of a million records, in US dollars; null if none was fetched. */
export function usdPerMillionRecords(usd: number, recordCount: number): number | null {
  return recordCount === 0 ? null : (usd * 1e6) / recordCount;
}

/** The original's design: the records in a Kinesis stream of one shard, batches of ten, one at a time, no table. */
export interface KinesisRun {
  readonly recordCount: number;
  /** Size of one record in the stream. */
  readonly recordBytes: number;
  /** Hours for which the shard is kept: a stream costs the same whether it flows or not. */
  readonly hours: number;
  /** Of a run of the original's law in the lab; its SQS and DynamoDB parts do not exist there. */
  readonly billable: Pick<Billable, "lambdaRequests" | "lambdaGbSeconds" | "schedulerInvocations">;
}

const PAYLOAD_UNIT_BYTES = 25 * 1_024;

/** The price of a run of the original's design, in US dollars. */
export function kinesisUsdOf({ recordCount, recordBytes, hours, billable }: KinesisRun): number {
  const unitsPerRecord = Math.max(1, Math.ceil(recordBytes / PAYLOAD_UNIT_BYTES));
  return (
    hours * PRICES_USD.kinesisShardHour +
    recordCount * unitsPerRecord * PRICES_USD.kinesisPutPayloadUnit +
    billable.lambdaRequests * PRICES_USD.lambdaRequest +
    billable.lambdaGbSeconds * PRICES_USD.lambdaGbSecond +
    billable.schedulerInvocations * PRICES_USD.schedulerInvocation
  );
}
