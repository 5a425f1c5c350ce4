import { queueVariableNames } from "@sluice/core/deployment";
import { LANES } from "@sluice/core/provider";
import { plan } from "./deployment.ts";
import { readingByKey } from "./encryption.ts";
import { lambda } from "./function.ts";
import { mapQueues } from "./mappings.ts";
import { turningMappingsOf } from "./permissions.ts";
import { arnOf } from "./place.ts";
import { queues } from "./queues.ts";

// Exists only in `sst dev`, where the other functions are stubs that forward to the developer's machine.
if (plan.relay !== undefined) {
  // Never a stub: hands back what a stub can't answer for, and shuts the mappings when no developer is there.
  const relay = lambda("Relay", plan.relay, {
    description: "Stands between the queues and a ventilator that may be a stub",
    isNeverLive: true,
    permissions: [
      {
        actions: ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"],
        resources: LANES.map((lane) => queues[lane].arn),
      },
      {
        actions: ["lambda:InvokeFunction"],
        resources: [arnOf("lambda", `function:${plan.names.ventilator}`)],
      },
      ...turningMappingsOf(plan.names.relay),
      ...readingByKey,
    ],
  });
  mapQueues(relay);

  // Opens the mappings when the developer comes, and shuts them when the developer goes.
  new sst.x.DevCommand("Valve", {
    dev: { title: "Valve", command: "npm run --silent attend", autostart: true },
    environment: {
      SLUICE_RELAY: plan.names.relay,
      ...Object.fromEntries(LANES.map((lane) => [queueVariableNames(lane).arn, queues[lane].arn])),
    },
  });
}
