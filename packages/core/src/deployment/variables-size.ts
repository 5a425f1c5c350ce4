import { LAMBDA_VARIABLES_MAX_BYTES } from "../aws-bounds.ts";
import { byLane } from "../provider/lane.ts";
import { APP_NAME } from "../provider/names.ts";
import { nodeOptionsOf } from "./bundling.ts";
import type { Place } from "./pinned-place.ts";
import type { DeploymentPlan } from "./plan.ts";
import { queueVariables } from "./queue-variables.ts";

/** The functions whose variables a data file can make too long. */
const FUNCTIONS = ["ventilator", "worker", "waker"] as const;

/** The longest region's name, where it is not known. */
const SOME_REGION = "ap-southeast-1";
const SOME_ACCOUNT_ID = "123456789012";

/** Says which functions would have more variables than Lambda takes; the provider's own file is what can be made shorter. */
export function oversizedVariables(plan: DeploymentPlan, stage: string, place: Place = {}): string[] {
  return FUNCTIONS.flatMap((name) => {
    const bytes = variablesBytesOf(plan, name, stage, place);
    if (bytes <= LAMBDA_VARIABLES_MAX_BYTES) return [];
    return [
      `The variables of ${plan[name].name} have ${bytes} bytes, and Lambda takes ${LAMBDA_VARIABLES_MAX_BYTES}: shorten worker.environment, windows or description of the provider`,
    ];
  });
}

/** Bytes of all variables that a function will have, its deployment's and SST's. */
export function variablesBytesOf(
  plan: DeploymentPlan,
  name: (typeof FUNCTIONS)[number],
  stage: string,
  place: Place = {},
): number {
  const own = name === "worker" ? {} : queueVariables(...queuesOf(plan, place));
  const NODE_OPTIONS = nodeOptionsOf(plan[name].memoryMb);
  return bytesOf({ ...plan[name].environment, ...own, NODE_OPTIONS, ...sstVariables(stage) });
}

/** Bytes of variables as Lambda counts them: names and values. */
function bytesOf(variables: Readonly<Record<string, string>>): number {
  const encoder = new TextEncoder();
  return Object.entries(variables).reduce((sum, pair) => sum + encoder.encode(pair.join("")).length, 0);
}

/** Variables that SST adds to each function: its app and stage, and the key of its secrets' file, 32 bytes in base64. */
function sstVariables(stage: string): Record<string, string> {
  return {
    SST_KEY: "k".repeat(44),
    SST_KEY_FILE: "resource.enc",
    SST_RESOURCE_App: JSON.stringify({ name: APP_NAME, stage }),
  };
}

function queuesOf(
  { names }: DeploymentPlan,
  { accountId = SOME_ACCOUNT_ID, region = SOME_REGION }: Place,
): Parameters<typeof queueVariables<string>> {
  const addressOf = (name: string) => ({
    url: `https://sqs.${region}.amazonaws.com/${accountId}/${name}`,
    arn: `arn:aws:sqs:${region}:${accountId}:${name}`,
  });
  return [byLane((lane) => addressOf(names.queues[lane])), addressOf(names.deadLetterQueue)];
}
