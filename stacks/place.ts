import { readEnvironments } from "@sluice/aws/file-environments";
import { DeployRefused, describePins, sharedBuses, strayFrom } from "@sluice/core/deployment";
import { SluiceError } from "@sluice/core/errors";
import { readStage } from "./stage.ts";

/** The stage that is deployed, and what its environment's file says. */
export const stage = await readStage($app.stage);
const { environment, pinned } = stage;
if ($dev && stage.kind === "fleet") {
  throw new SluiceError("stage-invalid", `Nothing of ${$app.stage} can be debugged: it has no function`);
}

const { accountId } = await aws.getCallerIdentity();
const { region } = await aws.getRegion();
const { partition, dnsSuffix } = await aws.getPartition();

// Refused before the first resource.
const others = (await readEnvironments()).filter(({ name }) => name !== environment);
const problems =
  pinned === undefined
    ? []
    : [
        ...strayFrom(pinned, { accountId, region }),
        ...others.flatMap((other) => sharedBuses([pinned, other])),
      ];
if (problems.length > 0) throw new DeployRefused($app.stage, problems);

/** One line for whoever deploys: what the environment pins, and what it does not. */
export const pins = describePins(environment, pinned);
export { accountId, dnsSuffix, region };

/** The ARN of a role of this account, by its name: roles have no region. */
export function roleArnOf(name: string): string {
  return `arn:${partition}:iam::${accountId}:role/${name}`;
}

/** The ARN of a resource in this account and region that is known by name before it exists. */
export function arnOf(service: string, resource: string): string {
  return `arn:${partition}:${service}:${region}:${accountId}:${resource}`;
}
