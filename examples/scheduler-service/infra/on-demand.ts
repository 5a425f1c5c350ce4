import { policy, variables } from "./sluice.ts";

// Enqueues the records that a user waits for; your API invokes it.
export const onDemand = new sst.aws.Function("OnDemand", {
  handler: "src/on-demand.handler",
  runtime: "nodejs24.x",
  timeout: "30 seconds",
  environment: variables,
  policies: [policy],
});
