import { plan, settings } from "./deployment.ts";
import { lambda } from "./function.ts";

// The provider's credentials, for its worker alone. Set with `sst secret set <name> <value> --stage <stage>`.
const secrets = plan.worker.secrets.map((name) => new sst.Secret(name));

/** The function that calls the provider for one record. It can read no table, no queue, and no other part. */
export const worker = lambda("Worker", plan.worker, {
  description: "Calls the provider for one record",
  link: secrets,
  vpc: settings.vpc,
});
