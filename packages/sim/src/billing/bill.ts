import { BATCH_SIZE_MAX } from "@sluice/core/aws-bounds";
import type { Provider } from "@sluice/core/provider";
import type { LambdaMeter, Meter } from "./meter.ts";
import { PRICES_USD } from "./prices.ts";

/** The lines of a bill, in US dollars. */
export type Bill = Readonly<Record<BillLine, number>>;

/** One line of a bill. The waker's includes its schedule, the table's its reads and writes. */
export type BillLine =
  | "worker"
  | "ventilator"
  | "waker"
  | "table"
  | "queues"
  | "logs"
  | "traces"
  | "storage"
  | "metrics"
  | "alarms"
  | "dashboards";

/** Quantities that were used, and rows that are kept. */
export interface Usage {
  readonly meter: Meter;
  readonly provider: Pick<Provider, "ventilator" | "worker">;
  /** Records whose rows stay in the table for {@link ROW_KEPT_MONTHS}. */
  readonly rowCount: number;
  /** Months that it took, for what is paid by the month: 0 leaves that out. */
  readonly months: number;
}

/** Watchers of a stage that are paid for by the month. test/stacks/bill.test.ts counts them where they are made. */
export const WATCHED_BY = { alarmMetricCount: 26, dashboardCount: 1 } as const;

/** A record's row is kept for 30 days, with a short history, and DynamoDB adds 100 bytes to each item. */
const ROW_KEPT_MONTHS = 1;
const ROW_BYTES = 700 + 100;
/** A run sends its records in full requests; those of a simulated world are simply there. */
const SENDS_PER_RECORD = 1 / BATCH_SIZE_MAX;
/** Logs are kept for 30 days. */
const LOG_KEPT_MONTHS = 1;
const BYTES_PER_GB = 2 ** 30;
const MB_PER_GB = 1_024;
/** Time that a round of the waker takes at least: virtual time does not pass while the table answers. */
const WAKER_ROUND_MS = 300;

/** The bill of what was used, without free tiers. No function is traced. */
export function billOf({ meter, provider, rowCount, months }: Usage): Bill {
  const { ventilator, worker, waker } = meter.lambda;
  const { sqs, table, logs } = meter;
  const wakerMs = Math.max(waker.durationMs, waker.requests * WAKER_ROUND_MS);
  const sqsRequests = Object.values(sqs).reduce((sum, count) => sum + count, rowCount * SENDS_PER_RECORD);
  const logGb = logs.bytes / BYTES_PER_GB;
  const storedUsdPerGb = PRICES_USD.dynamodbGbMonth + PRICES_USD.dynamodbRecoveryGbMonth;
  return {
    worker: functionUsd(worker, provider.worker.memoryMb),
    ventilator: functionUsd(ventilator, provider.ventilator.memoryMb),
    waker:
      functionUsd({ requests: waker.requests, durationMs: wakerMs }, provider.ventilator.memoryMb) +
      meter.scheduledInvocations * PRICES_USD.schedulerInvocation,
    table: table.writeUnits * PRICES_USD.dynamodbWriteUnit + table.readUnits * PRICES_USD.dynamodbReadUnit,
    queues: sqsRequests * PRICES_USD.sqsRequest,
    logs: logGb * (PRICES_USD.logGb + LOG_KEPT_MONTHS * PRICES_USD.logGbMonth),
    traces: 0 * PRICES_USD.trace,
    storage: ((rowCount * ROW_BYTES) / BYTES_PER_GB) * ROW_KEPT_MONTHS * storedUsdPerGb,
    metrics: months * logs.metricNames.size * PRICES_USD.metricMonth,
    alarms: months * WATCHED_BY.alarmMetricCount * PRICES_USD.alarmMetricMonth,
    dashboards: months * WATCHED_BY.dashboardCount * PRICES_USD.dashboardMonth,
  };
}

/** A bill many times over. */
export function times(bill: Bill, factor: number): Bill {
  return Object.fromEntries(Object.entries(bill).map(([line, usd]) => [line, usd * factor])) as Bill;
}

/** The sum of a bill. */
export function totalOf(bill: Bill): number {
  return Object.values(bill).reduce((sum, usd) => sum + usd, 0);
}

function functionUsd({ requests, durationMs }: LambdaMeter, memoryMb: number): number {
  const gbSeconds = (durationMs / 1_000) * (memoryMb / MB_PER_GB);
  return requests * PRICES_USD.lambdaRequest + gbSeconds * PRICES_USD.lambdaGbSecond;
}
