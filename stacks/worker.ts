import { plan } from "./deployment.ts";
import { lambda } from "./function.ts";

// The provider's credentials: nobody but its worker gets them. Set with `sst secret set <name> <value> --stage <stage>`.
const secrets = plan.worker.secrets.map((name) => new sst.Secret(name));

// Calls the provider for one record. It can't read the table, the queues, or anything else of ours.
export const worker = lambda("Worker", plan.worker, {
  description: "Calls the provider for one record",
  link: secrets,
});
