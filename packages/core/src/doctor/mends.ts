import { PRODUCTION } from "../deployment/stage.ts";
import type { FunctionRole } from "../ports/deployment-reader.ts";
import { namesOf } from "../provider/names.ts";
import type { DoctorDeps } from "./doctor-deps.ts";

/** Command lines that mend what a check finds. */
export interface Mends {
  /** Deploys the provider anew. */
  readonly deploy: string;
  /** Shows what a function has said of late. */
  logsOf(role: FunctionRole): string;
  /** A line of the command itself, about this provider. */
  sluice(line: string): string;
}

/** The command lines for a provider and its place. */
export function mendsFor({ place, provider }: Pick<DoctorDeps, "place" | "provider">): Mends {
  const { kind, environment } = place;
  const stage = environment === PRODUCTION ? provider.id : `${provider.id}-${environment}`;
  const names = namesOf(environment, provider.id);
  const sluice = (line: string) =>
    `npx sluice ${line} --provider ${provider.id} --environment ${environment}`;
  if (kind === "local") {
    const start = "npm start -- --keep";
    return { deploy: start, logsOf: () => sluice("decisions"), sluice };
  }
  return {
    deploy: `npx sst deploy --stage ${stage}`,
    logsOf: (role) => `aws logs tail /aws/lambda/${names[role]} --since 30m`,
    sluice,
  };
}
