import * as z from "zod";
import {
  LAMBDA_MEMORY_MAX_MB,
  LAMBDA_MEMORY_MIN_MB,
  LAMBDA_TIMEOUT_MAX_MS,
  MAXIMUM_CONCURRENCY_MAX,
  MAXIMUM_CONCURRENCY_MIN,
  RETENTION_MAX_MS,
  VISIBILITY_TIMEOUT_MAX_MS,
} from "../aws-bounds.ts";
import { number, wholeNumber } from "../parsing/numbers.ts";
import { FLEET } from "./names.ts";
import type { Provider, ProviderInput } from "./provider.ts";
import { quotasInputSchema, quotasSchema } from "./quota.ts";
import { shadowTuningSchema } from "./shadow-tuning.ts";
import { windowsSchema } from "./windows/windows-schema.ts";

const wholeSecondsMs = (minMs: number, maxMs: number) =>
  wholeNumber(minMs, maxMs).multipleOf(1_000, `must be whole seconds, from ${minMs} to ${maxMs} ms`);

const object = <Shape extends z.ZodRawShape>(shape: Shape) => z.strictObject(shape, "must be an object");

const text = (pattern: RegExp, error: string) => z.string(error).regex(pattern, error);

/** Ages of messages: SQS keeps none for longer. */
const age = z.exactOptional(wholeNumber(1_000, RETENTION_MAX_MS));
const maxAgeMs = object({ records: age, express: age });

const memoryMb = wholeNumber(LAMBDA_MEMORY_MIN_MB, LAMBDA_MEMORY_MAX_MB);

const backOff = object({
  firstMs: wholeNumber(1_000, VISIBILITY_TIMEOUT_MAX_MS),
  maxMs: wholeNumber(1_000, VISIBILITY_TIMEOUT_MAX_MS),
});

const answer = object({
  maxMb: wholeNumber(1, 100),
  mayBeEmpty: z.boolean("must be true or false"),
});

const worker = object({
  name: text(/^[a-z][a-z0-9-]*$/, "must be the file name of a worker, such as http-json"),
  timeoutMs: wholeSecondsMs(1_000, LAMBDA_TIMEOUT_MAX_MS),
  memoryMb,
  environment: z.record(
    text(
      /^(?!AWS_|SLUICE_|SST_)[A-Z][A-Z0-9_]*$/,
      "must be a name in capitals, such as SLOW_PERCENTAGE, that begins with none of AWS_, SLUICE_ and SST_",
    ),
    z.string("must be text"),
    "must be an object",
  ),
  secrets: z
    .array(
      // SST's own rule for names; it links something called App to every function.
      text(/^(?!App$)[A-Z][A-Za-z0-9]*$/, "must be the name of a secret, such as ApiToken"),
      "must be a list of names",
    )
    .refine((names) => new Set(names).size === names.length, "must name each secret once"),
  answer,
});

const ventilator = object({
  timeoutMs: wholeSecondsMs(1_000, LAMBDA_TIMEOUT_MAX_MS),
  memoryMb,
  maxConcurrency: wholeNumber(MAXIMUM_CONCURRENCY_MIN, MAXIMUM_CONCURRENCY_MAX),
  marginMs: wholeNumber(2_000, 120_000),
});

const queue = object({ visibilityTimeoutMs: wholeSecondsMs(1_000, VISIBILITY_TIMEOUT_MAX_MS) });

const breaker = object({ paceMs: wholeNumber(1_000, 600_000) });

const shadow = { shadow: z.exactOptional(shadowTuningSchema) };

const contract = object({
  id: text(
    /^(?=.{1,24}$)[a-z][a-z0-9]*(-[a-z0-9]+)*$/,
    "must be 1 to 24 lower-case letters, digits and single dashes, starting with a letter",
  ).refine((id) => id !== FLEET, `must not be ${FLEET}: that stage is what all providers share`),
  description: z.exactOptional(z.string("must be text")),
  windows: z.exactOptional(windowsSchema),
  maxConcurrency: wholeNumber(1, 1_000),
  slowAfterMs: wholeNumber(1, LAMBDA_TIMEOUT_MAX_MS),
  timeoutMs: wholeNumber(10, LAMBDA_TIMEOUT_MAX_MS),
  latency: object({
    medianMs: wholeNumber(1, LAMBDA_TIMEOUT_MAX_MS),
    sigma: number(0, 3),
    minMs: wholeNumber(0, LAMBDA_TIMEOUT_MAX_MS),
    maxMs: wholeNumber(1, LAMBDA_TIMEOUT_MAX_MS),
  }),
});

const timeZone = z
  .string("must be an IANA time zone, such as Europe/Zurich")
  .refine(isTimeZone, "must be an IANA time zone, such as Europe/Zurich");

const maxAttempts = wholeNumber(1, 20);

/** A complete provider, each option within its own range; relations between options are checked apart. */
export const providerSchema: z.ZodType<Provider> = contract.extend({
  timeZone,
  maxAttempts,
  backOff,
  worker,
  ventilator,
  queue,
  breaker: breaker.extend(shadow),
  quotas: z.exactOptional(quotasSchema),
  maxAgeMs: z.exactOptional(maxAgeMs),
});

/** A provider's data file. Functions are handed a complete provider, and never build this. */
export const providerInputSchema: z.ZodType<ProviderInput> = z.lazy(() =>
  contract.extend({
    timeZone: z.exactOptional(timeZone),
    maxAttempts: z.exactOptional(maxAttempts),
    backOff: z.exactOptional(exactPartial(backOff.shape)),
    worker: exactPartial(worker.shape).extend({
      name: worker.shape.name,
      answer: z.exactOptional(exactPartial(answer.shape)),
    }),
    ventilator: z.exactOptional(exactPartial(ventilator.shape)),
    queue: z.exactOptional(exactPartial(queue.shape)),
    breaker: z.exactOptional(exactPartial(breaker.shape).extend(shadow)),
    quotas: z.exactOptional(quotasInputSchema),
    maxAgeMs: z.exactOptional(maxAgeMs),
  }),
);

type ExactPartialShape<Shape extends z.ZodRawShape> = {
  [Key in keyof Shape]: z.ZodExactOptional<Shape[Key]>;
};

/** Like zod's `partial`, but a key is absent rather than undefined. */
function exactPartial<Shape extends z.ZodRawShape>(shape: Shape) {
  const entries = Object.entries(shape).map(([key, type]) => [key, z.exactOptional(type)]);
  return object(Object.fromEntries(entries) as ExactPartialShape<Shape>);
}

/**
 * True for an IANA time zone. The list comes ten times faster than the first format, but lacks UTC and the
 * other names of a zone.
 */
function isTimeZone(name: string): boolean {
  if (name === "UTC" || Intl.supportedValuesOf("timeZone").includes(name)) return true;
  try {
    new Intl.DateTimeFormat("en", { timeZone: name });
    return true;
  } catch {
    return false;
  }
}
