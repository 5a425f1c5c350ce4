import * as z from "zod";
import { LOG_RETENTION_DAYS, OBJECT_TAGS_MAX, RECOVERY_MAX_DAYS } from "../aws-bounds.ts";
import { wholeNumber } from "../parsing/numbers.ts";
import { APP_NAME } from "../provider/names.ts";
import { ALARM_NAMES, type AlarmName } from "./alarm-names.ts";
import type { Environment, Retention } from "./environment.ts";
import { DEFAULT_BUS } from "./event-bus.ts";

/**
 * Alarms that say that Sluice itself stands still or is about to lose something. A provider's outage is no reason to
 * get up: the breaker waits for its end.
 */
const WAKING: readonly AlarmName[] = [
  "WorkersCantBegin",
  "EverythingRejected",
  "Standstill",
  "WakerSilent",
  "ReceivedTooOften",
  "RecordsExpiring",
  "ExpressExpiring",
  "DeadLettersExpiring",
];

/** Days for which log lines are kept where nobody says otherwise. */
export const LOG_DAYS_USUAL = 30;

/** Tags that tell stages apart: costs are told by them. */
const OWN_TAGS: readonly string[] = ["app", "provider", "environment"];
/** Tags that SST adds: https://github.com/anomalyco/sst/blob/dev/pkg/project/provider/aws.go */
const SST_TAGS: readonly string[] = ["sst:app", "sst:stage"];
const TAGS_MAX = OBJECT_TAGS_MAX - OWN_TAGS.length - SST_TAGS.length;

const object = <Shape extends z.ZodRawShape>(shape: Shape) => z.strictObject(shape, "must be an object");
const text = (pattern: RegExp, error: string) => z.string(error).regex(pattern, error);
const flag = z.boolean("must be true or false");

const topicArn = text(
  /^arn:aws[\w-]*:sns:[a-z0-9-]+:\d{12}:[\w-]{1,256}$/,
  "must be the ARN of an SNS topic, such as arn:aws:sns:eu-central-1:123456789012:alarms",
);

/** An alias would do for the services, but no policy can allow the use of a key by it. */
const kmsKeyArn = text(
  /^arn:aws[\w-]*:kms:[a-z0-9-]+:\d{12}:key\/(mrk-[0-9a-f]{32}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12})$/,
  "must be the ARN of a KMS key, such as arn:aws:kms:eu-central-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab, and no alias",
);

const alarmName = z.enum(ALARM_NAMES, `must be one of ${ALARM_NAMES.join(", ")}`);

const alarms = object({
  topicArn: z.exactOptional(topicArn),
  wake: z.exactOptional(
    object({ topicArn, names: z.array(alarmName, "must be a list of alarms").default([...WAKING]) }),
  ),
});

/**
 * One that is made is named like all else that a deploy makes.
 * https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_CreateEventBus.html
 */
const bus = text(
  new RegExp(`^(${DEFAULT_BUS}|${APP_NAME}[\\w.-]{0,250})$`),
  `must be ${DEFAULT_BUS}, or a name that begins with ${APP_NAME}, such as ${APP_NAME}-staging`,
);

const ids = (prefix: string, max: number) => {
  const error = `must be a list of 1 to ${max} ids, such as ${prefix}-0a1b2c3d`;
  const id = text(new RegExp(`^${prefix}-[0-9a-f]{8,17}$`), `must be an id such as ${prefix}-0a1b2c3d`);
  return z.array(id, error).min(1, error).max(max, error);
};

/** Most subnets and security groups of a function: https://docs.aws.amazon.com/lambda/latest/api/API_VpcConfig.html */
const vpc = object({ subnetIds: ids("subnet", 16), securityGroupIds: ids("sg", 5) });

const lambda = object({
  concurrency: wholeNumber(10, 1_000_000),
  reserve: flag.default(true),
}).transform(({ concurrency, reserve: isReserved }) => ({ concurrency, isReserved }));

/**
 * Characters that every service takes: https://docs.aws.amazon.com/tag-editor/latest/userguide/best-practices-and-strats.html
 * IAM takes names for the same that differ in case alone: https://docs.aws.amazon.com/IAM/latest/UserGuide/id_tags.html
 */
const tags = z
  .record(
    text(
      /^(?!(aws|sst):)(?!(app|provider|environment)$)[\p{L}\p{N} _.:/=+@-]{1,128}$/iu,
      `must be the name of a tag, not begin with aws: or sst:, and be none of ${OWN_TAGS.join(", ")}, in whichever case`,
    ),
    text(
      /^[\p{L}\p{N} _.:/=+@-]{0,256}$/u,
      "must be a text of at most 256 letters, digits, spaces and _.:/=+@-",
    ),
    "must be an object of tags",
  )
  .refine((named) => Object.keys(named).length <= TAGS_MAX, `must be at most ${TAGS_MAX} tags`)
  .refine((named) => {
    const names = Object.keys(named).map((name) => name.toLowerCase());
    return new Set(names).size === names.length;
  }, "must name each tag once: IAM takes names that differ in case alone for the same");

const LOG_DAYS = `must be a number of days that CloudWatch knows: ${LOG_RETENTION_DAYS.join(", ")}`;
const providerId = text(/^[a-z][a-z0-9-]*$/, "must be the id of a provider");

const retention = object({
  logDays: z
    .int(LOG_DAYS)
    .refine((days) => LOG_RETENTION_DAYS.includes(days), LOG_DAYS)
    .default(LOG_DAYS_USUAL),
  recoveryDays: wholeNumber(1, RECOVERY_MAX_DAYS).default(RECOVERY_MAX_DAYS),
  keep: z.exactOptional(flag),
});

/** An environment's file: what is left out has its default, but for what depends on the environment's name. */
export interface EnvironmentFile extends Omit<Environment, "name" | "retention"> {
  readonly retention: Omit<Retention, "isKept"> & { readonly keep?: boolean };
}

/** Parses an environment's file. Everything but account and region may be left out. */
export const environmentFileSchema: z.ZodType<EnvironmentFile> = object({
  accountId: text(/^\d{12}$/, "must be the 12 digits of an AWS account, as text"),
  region: text(/^(eusc-)?[a-z]{2}(-[a-z]+)+-\d$/, "must be an AWS region, such as eu-central-1"),
  lambda: z.exactOptional(lambda),
  alarms: alarms.default({}),
  vpc: z.exactOptional(vpc),
  bus: bus.default(DEFAULT_BUS),
  dashboards: z.enum(["fleet", "each"], "must be fleet or each").default("fleet"),
  permissionsBoundaryArn: z.exactOptional(
    text(
      /^arn:aws[\w-]*:iam::(\d{12}|aws):policy\/[\w+=,.@/-]+$/,
      "must be the ARN of a policy, such as arn:aws:iam::123456789012:policy/boundary",
    ),
  ),
  kmsKeyArn: z.exactOptional(kmsKeyArn),
  tags: tags.default({}),
  retention: retention.prefault({}),
  without: z.array(providerId, "must be a list of providers' ids").default([]),
  providers: z
    .record(
      providerId,
      z
        .record(z.string(), z.unknown(), "must be an object of a provider's options")
        .refine((options) => !("id" in options), "must not change the id"),
      "must be an object of providers",
    )
    .default({}),
});
