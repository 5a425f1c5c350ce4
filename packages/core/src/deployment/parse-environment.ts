import { SluiceError } from "../errors.ts";
import { explain } from "../parsing/explain.ts";
import { isEnvironment } from "../provider/names.ts";
import type { Environment } from "./environment.ts";
import { environmentFileSchema } from "./environment-schema.ts";
import { PRODUCTION } from "./stage.ts";

/** Error of an environment's file that can't be used; the message lists each field with its legal values. */
export class EnvironmentFileInvalid extends SluiceError {
  constructor(file: string, problems: readonly string[]) {
    const list = problems.map((problem) => `  ${problem}`).join("\n");
    super("environment-file-invalid", `Environment ${file} is invalid:\n${list}`);
  }
}

/**
 * Parses an environment's file, and fills in its defaults.
 * @param name the file's name without ending
 * @param file for the error's text
 * @throws EnvironmentFileInvalid
 */
export function parseEnvironment(value: unknown, name: string, file: string): Environment {
  if (!isEnvironment(name)) {
    throw new EnvironmentFileInvalid(file, ["the file's name must be 1 to 21 lower-case letters and digits"]);
  }
  const parsed = environmentFileSchema.safeParse(value, { reportInput: true });
  if (!parsed.success) throw new EnvironmentFileInvalid(file, parsed.error.issues.map(explain));
  const { retention, ...rest } = parsed.data;
  const { keep = name === PRODUCTION, ...days } = retention;
  const environment = { name, ...rest, retention: { ...days, isKept: keep } };
  const problems = [
    ...topicsElsewhere(environment),
    ...boundaryElsewhere(environment),
    ...keyElsewhere(environment),
  ];
  if (problems.length > 0) throw new EnvironmentFileInvalid(file, problems);
  return environment;
}

/** Topics of another region: CloudWatch notifies none of them. */
function topicsElsewhere({ region, alarms }: Environment): string[] {
  const topics = [
    ["alarms.topicArn", alarms.topicArn],
    ["alarms.wake.topicArn", alarms.wake?.topicArn],
  ] as const;
  return topics.flatMap(([field, arn]) =>
    arn === undefined || arn.split(":")[3] === region
      ? []
      : [`${field} must be a topic in ${region}, the environment's region, received ${arn}`],
  );
}

/** A boundary of another account: IAM finds none of them. AWS's own belong to no account. */
function boundaryElsewhere({ accountId, permissionsBoundaryArn }: Environment): string[] {
  const owner = permissionsBoundaryArn?.split(":")[4];
  if (owner === undefined || owner === accountId || owner === "aws") return [];
  return [
    `permissionsBoundaryArn must be a policy of account ${accountId}, the environment's, received ${permissionsBoundaryArn}`,
  ];
}

/** A key of another account or region: table and queues are made with one of their own only. */
function keyElsewhere({ accountId, region, kmsKeyArn }: Environment): string[] {
  const [, , , keyRegion, owner] = kmsKeyArn?.split(":") ?? [];
  if (kmsKeyArn === undefined || (keyRegion === region && owner === accountId)) return [];
  return [
    `kmsKeyArn must be a key of account ${accountId} in ${region}, the environment's, received ${kmsKeyArn}`,
  ];
}
