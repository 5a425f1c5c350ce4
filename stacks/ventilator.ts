import { queueVariables } from "@sluice/core/deployment";
import { plan } from "./deployment.ts";
import { lambda } from "./function.ts";
import { mapQueues } from "./mappings.ts";
import { batchPermissions, turningMappingsOf } from "./permissions.ts";
import { deadLetterQueue, queues } from "./queues.ts";

// Fans the records of a batch out to the worker, and turns its own mappings when the breaker decides to.
export const ventilator = lambda("Ventilator", plan.ventilator, {
  description: "Fans the records of a batch out to the worker",
  permissions: [...batchPermissions, ...turningMappingsOf(plan.names.ventilator)],
  environment: queueVariables(queues, deadLetterQueue),
});

// While a developer is attached the mappings lead to the relay.
export const mappings = $dev ? [] : mapQueues(ventilator);
