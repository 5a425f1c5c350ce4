import { SluiceError } from "../errors.ts";
import { isEnvironment } from "../provider/names.ts";

/** The unit of deployment: one provider in one environment. */
export interface Stage {
  readonly providerId: string;
  readonly environment: string;
}

/** The environment of a stage that is just a provider's id. */
export const PRODUCTION = "production";

/** True for an environment in which everything is done but calling the provider: `dryrun`, `dryrun2`. */
export function isDryRun(environment: string): boolean {
  return environment.startsWith("dryrun");
}

/** Error of a stage that leaves unclear the provider or the environment to deploy. */
export class StageInvalid extends SluiceError {
  constructor(stage: string, problem: string, knownIds: readonly string[]) {
    const how =
      "A stage is a provider's id, or the id, a dash and an environment, such as acme or acme-staging";
    super("stage-invalid", `Stage ${stage} ${problem}. ${how}. Providers: ${knownIds.join(", ")}`);
  }
}

/**
 * Reads a stage: the longest known provider id that it is, or begins with before a dash. `acme` is acme in
 * production, `acme-staging` acme in staging.
 * @throws StageInvalid
 */
export function parseStage(stage: string, knownIds: readonly string[]): Stage {
  const providerId = knownIds
    .filter((id) => stage === id || stage.startsWith(`${id}-`))
    .toSorted((one, other) => other.length - one.length)[0];
  if (providerId === undefined) throw new StageInvalid(stage, "belongs to no provider", knownIds);
  if (stage === providerId) return { providerId, environment: PRODUCTION };
  const environment = stage.slice(providerId.length + 1);
  if (environment === PRODUCTION) {
    throw new StageInvalid(stage, `is the same as ${providerId}, which is the production one`, knownIds);
  }
  if (!isEnvironment(environment)) {
    const range = "1 to 21 lower-case letters and digits";
    throw new StageInvalid(
      stage,
      `has an environment ${JSON.stringify(environment)} that is not ${range}`,
      knownIds,
    );
  }
  return { providerId, environment };
}
