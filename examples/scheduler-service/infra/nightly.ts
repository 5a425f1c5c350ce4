import { policy, timeZone, variables } from "./sluice.ts";

// Enqueues everything once a night.
export const nightly = new sst.aws.CronV2("Nightly", {
  schedule: "cron(0 1 * * ? *)",
  timezone: timeZone,
  // A run is named after the day it was meant for, even if it comes late or again.
  event: { scheduledAt: "<aws.scheduler.scheduled-time>" },
  // For a call that does not reach the function. One that fails there is repeated twice by Lambda.
  retries: 3,
  function: {
    handler: "src/nightly.handler",
    runtime: "nodejs24.x",
    timeout: "15 minutes",
    environment: { ...variables, TIME_ZONE: timeZone },
    policies: [policy],
  },
});
