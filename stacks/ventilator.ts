import { queueVariables } from "@sluice/core/deployment";
import { plan } from "./deployment.ts";
import { lambda } from "./function.ts";
import { mapQueues } from "./mappings.ts";
import { batchPermissions, turningMappingsOf } from "./permissions.ts";
import { deadLetterQueue, queues } from "./queues.ts";

/** The function that fans a batch out to the worker, and turns its own mappings for the breaker. */
export const ventilator = lambda("Ventilator", plan.ventilator, {
  description: "Fans the records of a batch out to the worker",
  permissions: [...batchPermissions, ...turningMappingsOf(plan.names.ventilator)],
  environment: queueVariables(queues, deadLetterQueue),
});

/** The mappings of the queues; none while a developer is attached, because the relay has them. */
export const mappings = $dev ? [] : mapQueues(ventilator);
