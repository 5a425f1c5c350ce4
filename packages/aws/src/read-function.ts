import {
  GetAccountSettingsCommand,
  GetFunctionConcurrencyCommand,
  GetFunctionConfigurationCommand,
  type LambdaClient,
} from "@aws-sdk/client-lambda";
import type { ConcurrencyReading, FunctionReading, Reading } from "@sluice/core/ports";
import * as z from "zod";
import { readingOf, unlessMissing } from "./reading.ts";

const MISSING = "ResourceNotFoundException";
const limitSchema = z.object({
  ConcurrentExecutions: z.number(),
  UnreservedConcurrentExecutions: z.number(),
});

/** A function's reserved concurrency; undefined if there is none of the name. */
export function readWorker(
  client: LambdaClient,
  name: string,
): Promise<Reading<FunctionReading | undefined>> {
  return readingOf("lambda:GetFunctionConcurrency", () =>
    unlessMissing(MISSING, async () => {
      const command = new GetFunctionConcurrencyCommand({ FunctionName: name });
      const { ReservedConcurrentExecutions: reserved } = await client.send(command);
      return reserved === undefined ? {} : { reservedConcurrency: reserved };
    }),
  );
}

/** The provider that a function was deployed with; undefined if there is none of the name. */
export function readDeployedProvider(
  client: LambdaClient,
  name: string,
): Promise<Reading<FunctionReading | undefined>> {
  return readingOf("lambda:GetFunctionConfiguration", () =>
    unlessMissing(MISSING, async () => {
      const command = new GetFunctionConfigurationCommand({ FunctionName: name });
      const text = (await client.send(command)).Environment?.Variables?.SLUICE_PROVIDER;
      return text === undefined ? {} : { provider: JSON.parse(text) };
    }),
  );
}

/** The concurrency of the account in the client's region. */
export function readConcurrency(client: LambdaClient): Promise<Reading<ConcurrencyReading>> {
  return readingOf("lambda:GetAccountSettings", async () => {
    const { AccountLimit } = await client.send(new GetAccountSettingsCommand({}));
    const { ConcurrentExecutions: limit, UnreservedConcurrentExecutions: unreserved } =
      limitSchema.parse(AccountLimit);
    return { limit, unreserved };
  });
}
