import type { Clock } from "@sluice/core/ports";
import type { Remover, Resource } from "../ports/resource.ts";
import type { Clients } from "./clients.ts";
import { findFunctions, removeFunction } from "./remove-functions.ts";
import { findQueues, removeQueue } from "./remove-queues.ts";
import { findRoles, removeRole } from "./remove-roles.ts";
import { findTables, removeTable } from "./remove-tables.ts";

/** {@link Remover} of all four services. */
export function createRemover({ sqs, lambda, dynamodb, iam }: Clients, clock: Clock): Remover {
  const services = {
    function: {
      find: (prefix: string) => findFunctions(lambda, prefix),
      remove: (name: string) => removeFunction(lambda, clock, name),
    },
    queue: {
      find: (prefix: string) => findQueues(sqs, prefix),
      remove: (name: string) => removeQueue(sqs, name),
    },
    table: {
      find: (prefix: string) => findTables(dynamodb, prefix),
      remove: (name: string) => removeTable(dynamodb, clock, name),
    },
    role: {
      find: (prefix: string) => findRoles(iam, prefix),
      remove: (name: string) => removeRole(iam, name),
    },
  };
  return {
    find: async (kind, prefix) =>
      (await services[kind].find(prefix)).map((name): Resource => ({ kind, name })),
    remove: ({ kind, name }) => services[kind].remove(name),
  };
}
