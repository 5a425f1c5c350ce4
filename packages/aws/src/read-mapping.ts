import type { LambdaClient } from "@aws-sdk/client-lambda";
import type { MappingReading, Reading } from "@sluice/core/ports";
import { createLambdaValve } from "./lambda-valve.ts";
import { readingOf } from "./reading.ts";

/** The mapping from a queue to the ventilator, or to the relay of a developer who is attached. */
export function readMapping(
  client: LambdaClient,
  queueArn: string,
  functions: { readonly ventilator: string; readonly relay: string },
): Promise<Reading<MappingReading | undefined>> {
  return readingOf("lambda:ListEventSourceMappings", async () => {
    for (const to of ["ventilator", "relay"] as const) {
      const reading = await createLambdaValve(client, { functionName: functions[to], queueArn }).read();
      if (reading !== undefined) return { ...reading, to };
    }
    return undefined;
  });
}
