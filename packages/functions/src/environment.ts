import { messageOf, SluiceError } from "@sluice/core/errors";
import { parseProvider } from "@sluice/core/provider/parse-provider";
import type { Provider } from "@sluice/core/provider/provider";
import * as z from "zod";

/** A function's environment that it can't work with; the message lists the variables. */
class EnvironmentInvalid extends SluiceError {
  constructor(problems: string) {
    super("environment-invalid", `The function's environment is incomplete:\n${problems}`);
  }
}

/** What the ventilator is told by its deployment. */
export interface VentilatorEnvironment {
  readonly provider: Provider;
  readonly tableName: string;
  readonly workerName: string;
  readonly recordsQueueUrl: string;
  readonly expressQueueUrl: string;
  readonly deadLetterQueueUrl: string;
}

/** What every worker is told by its deployment. */
export interface WorkerEnvironment {
  readonly provider: Provider;
  /** Root of the provider's API; workers that need none may go without. */
  readonly providerBaseUrl?: string;
}

const ventilatorSchema = z.object({
  SLUICE_PROVIDER: z.string(),
  SLUICE_TABLE: z.string(),
  SLUICE_WORKER: z.string(),
  SLUICE_RECORDS_QUEUE_URL: z.url(),
  SLUICE_EXPRESS_QUEUE_URL: z.url(),
  SLUICE_DEAD_LETTER_QUEUE_URL: z.url(),
});

const workerSchema = z.object({
  SLUICE_PROVIDER: z.string(),
  PROVIDER_BASE_URL: z.exactOptional(z.url()),
});

/** Reads the ventilator's environment. @throws EnvironmentInvalid */
export function ventilatorEnvironment(): VentilatorEnvironment {
  const variables = parsed(ventilatorSchema);
  return {
    provider: providerFrom(variables.SLUICE_PROVIDER),
    tableName: variables.SLUICE_TABLE,
    workerName: variables.SLUICE_WORKER,
    recordsQueueUrl: variables.SLUICE_RECORDS_QUEUE_URL,
    expressQueueUrl: variables.SLUICE_EXPRESS_QUEUE_URL,
    deadLetterQueueUrl: variables.SLUICE_DEAD_LETTER_QUEUE_URL,
  };
}

/** Reads a worker's environment. @throws EnvironmentInvalid */
export function workerEnvironment(): WorkerEnvironment {
  const { SLUICE_PROVIDER, PROVIDER_BASE_URL } = parsed(workerSchema);
  const provider = providerFrom(SLUICE_PROVIDER);
  return PROVIDER_BASE_URL === undefined ? { provider } : { provider, providerBaseUrl: PROVIDER_BASE_URL };
}

/** The provider's root URL, for a worker that can't go without. @throws EnvironmentInvalid */
export function requiredBaseUrl(): string {
  const { providerBaseUrl } = workerEnvironment();
  if (providerBaseUrl === undefined) throw new EnvironmentInvalid("PROVIDER_BASE_URL is not set");
  return providerBaseUrl;
}

/** Reads variables of a worker's own. @throws EnvironmentInvalid */
export function ownEnvironment<T>(schema: z.ZodType<T>): T {
  return parsed(schema);
}

function parsed<T>(schema: z.ZodType<T>): T {
  const variables = schema.safeParse(process.env);
  if (!variables.success) throw new EnvironmentInvalid(z.prettifyError(variables.error));
  return variables.data;
}

function providerFrom(json: string): Provider {
  return parseProvider(parseJson(json), "in SLUICE_PROVIDER");
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (thrown) {
    throw new EnvironmentInvalid(`SLUICE_PROVIDER is not JSON: ${messageOf(thrown)}`);
  }
}
