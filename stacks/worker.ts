import { plan } from "./deployment.ts";
import { lambda } from "./function.ts";

// The provider's credentials: only its worker gets them. Set with `sst secret set <name> <value> --stage <stage>`.
const secrets = plan.worker.secrets.map((name) => new sst.Secret(name));

// Calls the provider for one record. Its role lets it reach neither table nor queues, nor anything else in AWS.
export const worker = lambda("Worker", plan.worker, {
  description: "Calls the provider for one record",
  link: secrets,
});
