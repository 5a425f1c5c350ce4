import {
  type DeploymentMode,
  type MetricScope,
  queueArnsSchema,
  queueUrlsSchema,
} from "@sluice/core/deployment";
import { messageOf, SluiceError } from "@sluice/core/errors";
import {
  type AnswerOptions,
  type ByLane,
  baseUrlSchema,
  type Provider,
  parseDeployedProvider,
} from "@sluice/core/provider";
import * as z from "zod";

/** A function's environment in which variables are missing or invalid; the message lists them. */
class EnvironmentInvalid extends SluiceError {
  constructor(problems: string) {
    super("environment-invalid", `The function's environment is incomplete:\n${problems}`);
  }
}

/** The deployment as ventilator and waker learn it from their variables. */
export interface BreakerEnvironment {
  readonly provider: Provider;
  /** Of the deployment, such as `production`. */
  readonly environment: string;
  readonly mode: DeploymentMode;
  readonly tableName: string;
  /** Name of the bus that is told of runs. */
  readonly eventBus: string;
  /** The metrics that are told. */
  readonly metrics: MetricScope;
  readonly workerName: string;
  readonly ventilatorName: string;
  readonly queueUrls: ByLane<string>;
  readonly queueArns: ByLane<string>;
  readonly deadLetterQueueUrl: string;
}

/** The relay's variables: from its deployment, and from Lambda itself. */
export interface RelayEnvironment {
  readonly ventilatorName: string;
  /** The relay's own. */
  readonly functionName: string;
}

/** The variables that every worker gets from its deployment. */
export interface WorkerEnvironment {
  readonly provider: Provider;
  /** Root of the provider's API; workers that need none may go without. */
  readonly providerBaseUrl?: string;
}

/** The provider's API, as a worker calls it. */
export interface ProviderApi {
  /** The root of its paths. */
  readonly baseUrl: string;
  readonly answer: AnswerOptions;
}

const breakerSchema = z.object({
  SLUICE_PROVIDER: z.string(),
  SLUICE_ENVIRONMENT: z.string(),
  SLUICE_MODE: z.enum(["governed", "attended"]),
  SLUICE_TABLE: z.string(),
  SLUICE_EVENT_BUS: z.string().min(1),
  SLUICE_METRICS: z.enum(["alarms", "all"]),
  SLUICE_WORKER: z.string(),
  SLUICE_VENTILATOR: z.string(),
  SLUICE_DEAD_LETTER_QUEUE_URL: z.url(),
});

const relaySchema = z.object({ SLUICE_VENTILATOR: z.string(), AWS_LAMBDA_FUNCTION_NAME: z.string() });

const workerSchema = z.object({
  SLUICE_PROVIDER: z.string(),
  PROVIDER_BASE_URL: z.exactOptional(baseUrlSchema),
});

/** Reads the environment of ventilator or waker. @throws EnvironmentInvalid */
export function breakerEnvironment(): BreakerEnvironment {
  const variables = parsed(breakerSchema.and(queueUrlsSchema).and(queueArnsSchema));
  return {
    provider: providerFrom(variables.SLUICE_PROVIDER),
    environment: variables.SLUICE_ENVIRONMENT,
    mode: variables.SLUICE_MODE,
    tableName: variables.SLUICE_TABLE,
    eventBus: variables.SLUICE_EVENT_BUS,
    metrics: variables.SLUICE_METRICS,
    workerName: variables.SLUICE_WORKER,
    ventilatorName: variables.SLUICE_VENTILATOR,
    queueUrls: variables.queueUrls,
    queueArns: variables.queueArns,
    deadLetterQueueUrl: variables.SLUICE_DEAD_LETTER_QUEUE_URL,
  };
}

/** Reads the relay's environment. @throws EnvironmentInvalid */
export function relayEnvironment(): RelayEnvironment {
  const { SLUICE_VENTILATOR, AWS_LAMBDA_FUNCTION_NAME } = parsed(relaySchema);
  return { ventilatorName: SLUICE_VENTILATOR, functionName: AWS_LAMBDA_FUNCTION_NAME };
}

/** Reads a worker's environment. @throws EnvironmentInvalid */
export function workerEnvironment(): WorkerEnvironment {
  const { SLUICE_PROVIDER, PROVIDER_BASE_URL } = parsed(workerSchema);
  const provider = providerFrom(SLUICE_PROVIDER);
  return PROVIDER_BASE_URL === undefined ? { provider } : { provider, providerBaseUrl: PROVIDER_BASE_URL };
}

/** The provider's API, for a worker that can't go without. @throws EnvironmentInvalid */
export function requiredApi(): ProviderApi {
  const { provider, providerBaseUrl: baseUrl } = workerEnvironment();
  if (baseUrl === undefined) throw new EnvironmentInvalid("PROVIDER_BASE_URL is not set");
  return { baseUrl, answer: provider.worker.answer };
}

/** Reads the variables that a worker's own schema names. @throws EnvironmentInvalid */
export function ownEnvironment<T>(schema: z.ZodType<T>): T {
  return parsed(schema);
}

function parsed<T>(schema: z.ZodType<T>): T {
  const variables = schema.safeParse(process.env);
  if (!variables.success) throw new EnvironmentInvalid(z.prettifyError(variables.error));
  return variables.data;
}

function providerFrom(json: string): Provider {
  return parseDeployedProvider(parseJson(json), "in SLUICE_PROVIDER");
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (thrown) {
    throw new EnvironmentInvalid(`SLUICE_PROVIDER is not JSON: ${messageOf(thrown)}`);
  }
}
