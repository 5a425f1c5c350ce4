import type { Provider } from "../provider/provider.ts";
import type { Environment } from "./environment.ts";

/** A provider as an environment with a file has it. */
export interface DeployedProvider {
  readonly environment: Environment;
  readonly provider: Provider;
}
