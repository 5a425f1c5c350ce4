import { queueVariables } from "@sluice/core/deployment";
import { plan } from "./deployment.ts";
import { lambda } from "./function.ts";
import { batchPermissions, renewing, turning } from "./permissions.ts";
import { deadLetterQueue, queues } from "./queues.ts";
import { trustIn } from "./trust.ts";
import { mappings } from "./ventilator.ts";

/** The breaker's heartbeat: frees what dead ventilators held, probes, corrects the mappings. */
export const waker = lambda("Waker", plan.waker, {
  description: "The breaker's heartbeat",
  permissions: [...batchPermissions, renewing, ...turning(mappings)],
  environment: queueVariables(queues, deadLetterQueue),
});

// Disabled while a developer is attached: a breakpoint would be probed.
new sst.aws.CronV2("WakerSchedule", {
  schedule: "rate(1 minute)",
  function: waker.arn,
  enabled: !$dev,
  retries: 2,
  transform: {
    role: (args) => {
      args.name = `${plan.names.table}-schedule`;
      args.assumeRolePolicy = trustIn("scheduler.amazonaws.com");
    },
    schedule: (args) => {
      args.name = plan.names.waker;
    },
  },
});
