import type { Provider } from "@sluice/core/provider";
import type { Meter } from "./meter.ts";

/** Counts of what AWS bills a run by; logs, storage and what is paid by the month are in bill.ts. */
export interface Billable {
  readonly lambdaRequests: number;
  readonly lambdaGbSeconds: number;
  readonly sqsRequests: number;
  readonly dynamodbWriteUnits: number;
  readonly dynamodbReadUnits: number;
  readonly schedulerInvocations: number;
}

const MB_PER_GB = 1_024;

/** Adds up what a run's meter shows, with the provider's memory sizes; the waker has the ventilator's. */
export function billableOf(
  { sqs, lambda, table, scheduledInvocations }: Meter,
  { ventilator, worker }: Pick<Provider, "ventilator" | "worker">,
): Billable {
  const ventilatorMs = lambda.ventilator.durationMs + lambda.waker.durationMs;
  const mbMs = ventilatorMs * ventilator.memoryMb + lambda.worker.durationMs * worker.memoryMb;
  return {
    lambdaRequests: lambda.ventilator.requests + lambda.worker.requests + lambda.waker.requests,
    lambdaGbSeconds: mbMs / MB_PER_GB / 1_000,
    sqsRequests: sqs.sends + sqs.receives + sqs.deletes + sqs.visibilityChanges + sqs.attributeReads,
    dynamodbWriteUnits: table.writeUnits,
    dynamodbReadUnits: table.readUnits,
    schedulerInvocations: scheduledInvocations,
  };
}
