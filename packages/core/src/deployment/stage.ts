import { SluiceError } from "../errors.ts";
import { FLEET, isEnvironment } from "../provider/names.ts";

/** The unit of deployment: one provider in one environment, or what all providers of an environment share. */
export type Stage =
  | { readonly kind: "provider"; readonly providerId: string; readonly environment: string }
  | { readonly kind: "fleet"; readonly environment: string };

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
    const shared = `${FLEET} in place of the id is what all providers of an environment share`;
    super("stage-invalid", `Stage ${stage} ${problem}. ${how}; ${shared}. Providers: ${knownIds.join(", ")}`);
  }
}

/** The name of a stage. @param id of a provider, or `fleet` */
export function stageOf(id: string, environment: string): string {
  return environment === PRODUCTION ? id : `${id}-${environment}`;
}

/**
 * Reads a stage: the longest known provider id, or `fleet`, that it is, or begins with before a dash. `acme` is acme in
 * production, `acme-staging` acme in staging.
 * @throws StageInvalid
 */
export function parseStage(stage: string, knownIds: readonly string[]): Stage {
  const id = [FLEET, ...knownIds]
    .filter((each) => stage === each || stage.startsWith(`${each}-`))
    .toSorted((one, other) => other.length - one.length)[0];
  if (id === undefined) throw new StageInvalid(stage, "belongs to no provider", knownIds);
  const environment = stage === id ? PRODUCTION : environmentOf(stage, id, knownIds);
  return id === FLEET ? { kind: "fleet", environment } : { kind: "provider", providerId: id, environment };
}

function environmentOf(stage: string, id: string, knownIds: readonly string[]): string {
  const environment = stage.slice(id.length + 1);
  if (environment === PRODUCTION) {
    throw new StageInvalid(stage, `is the same as ${id}, which is the production one`, knownIds);
  }
  if (!isEnvironment(environment)) {
    const range = "1 to 21 lower-case letters and digits";
    throw new StageInvalid(
      stage,
      `has an environment ${JSON.stringify(environment)} that is not ${range}`,
      knownIds,
    );
  }
  return environment;
}
