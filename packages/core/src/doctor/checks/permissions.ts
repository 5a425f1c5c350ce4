import type { FunctionRole, PermissionNeed } from "../../ports/deployment-reader.ts";
import type { Check } from "../check.ts";
import { resultOf } from "../finding.ts";
import { unread } from "../unread.ts";

const BATCH: readonly PermissionNeed[] = [
  {
    actions: ["dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:Query", "dynamodb:UpdateItem"],
    on: "table",
  },
  {
    actions: [
      "sqs:ReceiveMessage",
      "sqs:DeleteMessage",
      "sqs:ChangeMessageVisibility",
      "sqs:GetQueueAttributes",
    ],
    on: "lanes",
  },
  { actions: ["sqs:SendMessage"], on: "dead-letters" },
  { actions: ["lambda:InvokeFunction"], on: "worker" },
  { actions: ["lambda:ListEventSourceMappings"], on: "everything" },
];

/** The actions that each function can't do without; what it turns mappings with is bound to their ids. */
const NEEDS: readonly (readonly [FunctionRole, readonly PermissionNeed[]])[] = [
  ["ventilator", BATCH],
  ["waker", [...BATCH, { actions: ["sqs:SendMessage"], on: "lanes" }]],
];

/** The functions may do what they have to. */
export const permissionsCheck: Check = {
  name: "permissions",
  reads: "what IAM's simulator says of the roles of ventilator and waker",
  why: "a function that may not reach its table, its queues or its worker fetches nothing, however well the provider is",
  async run({ deployed }, { deploy }) {
    const problems: string[] = [];
    for (const [role, needs] of NEEDS) {
      const reading = await deployed.deniedActions(role, needs);
      if (reading.kind !== "read") return unread(reading);
      if (reading.value.length > 0) problems.push(`the ${role} is denied ${reading.value.join(", ")}`);
    }
    return resultOf(problems, "ventilator and waker may do what they have to", deploy);
  },
};
