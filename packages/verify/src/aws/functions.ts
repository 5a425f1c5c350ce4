import { readFile } from "node:fs/promises";
import { CreateRoleCommand, type IAMClient, PutRolePolicyCommand, type Tag } from "@aws-sdk/client-iam";
import {
  CreateFunctionCommand,
  GetAccountSettingsCommand,
  GetFunctionConfigurationCommand,
  InvokeCommand,
  type LambdaClient,
} from "@aws-sdk/client-lambda";
import type { Clock } from "@sluice/core/ports";
import { CallFailed, calling } from "../call-failed.ts";
import type { FunctionCode, FunctionSpec, Functions, Statement } from "../ports/functions.ts";
import { tryUntil, waitUntil } from "../try-until.ts";
import { type Marks, tagsOf } from "./tagged.ts";
import { zipOf } from "./zip.ts";

/** The path of the roles of runs, by which they are found. */
export const ROLE_PATH = "/sluice-verify/";
/** The name of the one policy that such a role has. */
export const ROLE_POLICY = "sluice-verify";

const ROLE_KNOWN_WITHIN_MS = 60_000;
const ACTIVE_WITHIN_MS = 120_000;
/** The SDK that the functions load needs more than the least. */
const MEMORY_MB = 256;

/** The clients of {@link createFunctions}, and what belongs on what they make. */
export interface FunctionsDeps {
  readonly lambda: LambdaClient;
  readonly iam: IAMClient;
  readonly clock: Clock;
  readonly marks: Marks;
  /** ARN of the policy that has to bound every role of the environment. */
  readonly permissionsBoundaryArn?: string | undefined;
}

/** {@link Functions} of Lambda and IAM. */
export function createFunctions(deps: FunctionsDeps): Functions {
  const { lambda } = deps;
  return {
    createRole: (name, statements) => createRole(deps, name, statements),
    create: (spec) => createFunction(deps, spec),
    async invoke(name, event) {
      const command = new InvokeCommand({ FunctionName: name, Payload: Buffer.from(JSON.stringify(event)) });
      const { FunctionError, Payload } = await calling("lambda:InvokeFunction", lambda.send(command));
      const answer = Payload?.transformToString() ?? "null";
      if (FunctionError !== undefined)
        throw new CallFailed(
          "lambda:InvokeFunction",
          Object.assign(new Error(answer), { name: FunctionError }),
        );
      return JSON.parse(answer);
    },
    async unreservedConcurrency() {
      const call = lambda.send(new GetAccountSettingsCommand({}));
      const { AccountLimit } = await calling("lambda:GetAccountSettings", call);
      return AccountLimit?.UnreservedConcurrentExecutions ?? 0;
    },
  };
}

async function createRole(
  { iam, marks, permissionsBoundaryArn }: FunctionsDeps,
  name: string,
  statements: readonly Statement[],
): Promise<string> {
  const created = new CreateRoleCommand({
    Path: ROLE_PATH,
    RoleName: name,
    AssumeRolePolicyDocument: policyText([
      { Effect: "Allow", Principal: { Service: "lambda.amazonaws.com" }, Action: "sts:AssumeRole" },
    ]),
    Tags: Object.entries(tagsOf(marks)).map(([Key, Value]): Tag => ({ Key, Value })),
    ...(permissionsBoundaryArn !== undefined && { PermissionsBoundary: permissionsBoundaryArn }),
  });
  const { Role } = await calling("iam:CreateRole", iam.send(created));
  const policy = new PutRolePolicyCommand({
    RoleName: name,
    PolicyName: ROLE_POLICY,
    PolicyDocument: policyText(
      statements.map(({ actions, resource, condition }) => ({
        Effect: "Allow",
        Action: actions,
        Resource: resource,
        ...(condition && { Condition: condition }),
      })),
    ),
  });
  await calling("iam:PutRolePolicy", iam.send(policy));
  return Role?.Arn ?? "";
}

function policyText(statements: readonly object[]): string {
  return JSON.stringify({ Version: "2012-10-17", Statement: statements });
}

async function createFunction({ lambda, clock, marks }: FunctionsDeps, spec: FunctionSpec): Promise<string> {
  const command = new CreateFunctionCommand({
    FunctionName: spec.name,
    Runtime: "nodejs24.x",
    Architectures: ["arm64"],
    Role: spec.roleArn,
    Handler: "index.handler",
    Code: { ZipFile: zipOf("index.mjs", await sourceOf(spec.code)) },
    Timeout: spec.timeoutSeconds,
    MemorySize: MEMORY_MB,
    Environment: { Variables: { ...spec.variables } },
    Tags: tagsOf(marks),
  });
  const create = () => lambda.send(command);
  const { FunctionArn = "" } = await calling(
    "lambda:CreateFunction",
    tryUntil(clock, ROLE_KNOWN_WITHIN_MS, create, isRoleUnknown),
  );
  const isActive = await waitUntil(clock, ACTIVE_WITHIN_MS, async () => {
    const call = lambda.send(new GetFunctionConfigurationCommand({ FunctionName: spec.name }));
    return (await calling("lambda:GetFunctionConfiguration", call)).State === "Active";
  });
  if (isActive) return FunctionArn;
  throw new CallFailed(
    "lambda:CreateFunction",
    new Error(`${spec.name} was not active after ${ACTIVE_WITHIN_MS} ms`),
  );
}

function sourceOf(code: FunctionCode): Promise<string> {
  return readFile(new URL(`./in-lambda/${code}.mjs`, import.meta.url), "utf8");
}

/** A role that was made a moment ago can't be assumed yet. */
function isRoleUnknown(error: Error): boolean {
  return error.name === "InvalidParameterValueException" && /role/.test(error.message);
}
