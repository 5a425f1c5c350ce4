import { type IAMClient, paginateSimulatePrincipalPolicy } from "@aws-sdk/client-iam";
import { GetFunctionConfigurationCommand, type LambdaClient } from "@aws-sdk/client-lambda";
import type { PermissionNeed, Reading } from "@sluice/core/ports";
import { LANES, type ProviderNames } from "@sluice/core/provider";
import * as z from "zod";
import { readingOf } from "./reading.ts";

const functionSchema = z.object({ Role: z.string(), FunctionArn: z.string() });

/**
 * The actions, out of those that a function needs, that IAM's simulator says its role is denied. It knows the role's
 * policies and its boundary, and neither the organization's nor those of queues and keys.
 */
export async function readDeniedActions(
  { iam, lambda }: { readonly iam: IAMClient; readonly lambda: LambdaClient },
  functionName: string,
  needs: readonly PermissionNeed[],
  names: ProviderNames,
): Promise<Reading<readonly string[]>> {
  const found = await readingOf("lambda:GetFunctionConfiguration", async () =>
    functionSchema.parse(
      await lambda.send(new GetFunctionConfigurationCommand({ FunctionName: functionName })),
    ),
  );
  if (found.kind !== "read") return found;
  const { Role, FunctionArn } = found.value;
  return readingOf("iam:SimulatePrincipalPolicy", async () => {
    const denied: string[] = [];
    for (const { actions, on } of needs) {
      const request = {
        PolicySourceArn: Role,
        ActionNames: [...actions],
        ResourceArns: arnsOf(on, names, FunctionArn),
      };
      for await (const { EvaluationResults = [] } of paginateSimulatePrincipalPolicy(
        { client: iam },
        request,
      )) {
        for (const { EvalActionName = "", EvalDecision, ResourceSpecificResults = [] } of EvaluationResults) {
          const decisions = [EvalDecision, ...ResourceSpecificResults.map((one) => one.EvalResourceDecision)];
          if (decisions.some((decision) => decision !== "allowed")) denied.push(EvalActionName);
        }
      }
    }
    return [...new Set(denied)];
  });
}

/** ARNs of a provider's resources, in the partition, region and account of its function. */
function arnsOf(on: PermissionNeed["on"], names: ProviderNames, functionArn: string): string[] {
  const [arn = "", partition = "", , region = "", account = ""] = functionArn.split(":");
  const of = (service: string, name: string) => [arn, partition, service, region, account, name].join(":");
  switch (on) {
    case "table":
      return [of("dynamodb", `table/${names.table}`)];
    case "lanes":
      return LANES.map((lane) => of("sqs", names.queues[lane]));
    case "dead-letters":
      return [of("sqs", names.deadLetterQueue)];
    case "worker":
      return [of("lambda", `function:${names.worker}`)];
    case "everything":
      return ["*"];
  }
}
