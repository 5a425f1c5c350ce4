import { type FunctionPlan, NODEJS_OPTIONS, nodeOptionsOf, type WorkerVpc } from "@sluice/core/deployment";
import { settings } from "./deployment.ts";
import { arnOf } from "./place.ts";
import { trustIn } from "./trust.ts";

/** A statement of a function's policy. */
export type Permission = NonNullable<sst.aws.FunctionPermissionArgs>;

/** Additions to a function's plan. */
export interface FunctionExtras {
  /** The purpose of the function, as the console shows it. */
  readonly description: string;
  /** All that it may do besides logging. */
  readonly permissions?: Permission[];
  /** Added to the plan's environment. */
  readonly environment?: Record<string, $util.Input<string>>;
  readonly link?: sst.Secret[];
  /** The network of the function; absent: Lambda's own. */
  readonly vpc?: WorkerVpc | undefined;
  /** The function is never replaced by a stub while a developer is attached. */
  readonly isNeverLive?: boolean;
}

/**
 * A Lambda function as planned. It may write to its own log group; the managed policy that SST would attach lets a function
 * write every log group of the account. It is not traced: a trace without parts of its own says no more than Lambda's metrics, and
 * is billed like one with them.
 */
export function lambda(name: string, plan: FunctionPlan, extras: FunctionExtras): sst.aws.Function {
  const { description, permissions = [], environment = {}, link = [], vpc, isNeverLive = false } = extras;
  return new sst.aws.Function(name, {
    name: plan.name,
    description,
    handler: `packages/functions/src/${plan.entry}.handler`,
    runtime: "nodejs24.x",
    architecture: "arm64",
    timeout: `${plan.timeoutMs / 1_000} seconds`,
    memory: `${plan.memoryMb} MB`,
    environment: {
      ...plan.environment,
      ...environment,
      // `sst dev` would hand it to a process of the developer's.
      ...(!$dev && { NODE_OPTIONS: nodeOptionsOf(plan.memoryMb) }),
    },
    link,
    permissions: [...permissions, ...logs(plan.name), ...(vpc ? attachments(plan.name) : [])],
    ...(vpc && { vpc: { privateSubnets: [...vpc.subnetIds], securityGroups: [...vpc.securityGroupIds] } }),
    ...(plan.reservedConcurrency !== undefined && { concurrency: { reserved: plan.reservedConcurrency } }),
    nodejs: NODEJS_OPTIONS,
    ...(isNeverLive && { live: false }),
    logging: { format: "json" },
    transform: {
      function: (args) => {
        args.loggingConfig = withoutRoutine(args.loggingConfig);
      },
      logGroup: { retentionInDays: settings.retention.logDays },
      role: (args) => {
        args.name = plan.name;
        args.managedPolicyArns = [];
        // SST lets the whole account assume the role, as `sst dev` needs: a deployed one needs Lambda only.
        if (!$dev) args.assumeRolePolicy = BY_LAMBDA;
      },
    },
  });
}

function logs(functionName: string): Permission[] {
  const resource = arnOf("logs", `log-group:/aws/lambda/${functionName}:log-stream:*`);
  return [{ actions: ["logs:CreateLogStream", "logs:PutLogEvents"], resources: [resource] }];
}

/**
 * Permission for Lambda to attach the function to a network. The function's own code, which could look around with it, is
 * denied it.
 * https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html#configuration-vpc-permissions
 */
function attachments(functionName: string): Permission[] {
  const own = arnOf("lambda", `function:${functionName}`);
  return [
    { actions: ATTACHING, resources: ["*"] },
    {
      effect: "deny",
      actions: ATTACHING,
      resources: ["*"],
      conditions: [{ test: "ArnEquals", variable: "lambda:SourceFunctionArn", values: [own] }],
    },
  ];
}

const ATTACHING = [
  "ec2:CreateNetworkInterface",
  "ec2:DescribeNetworkInterfaces",
  "ec2:DescribeSubnets",
  "ec2:DeleteNetworkInterface",
  "ec2:AssignPrivateIpAddresses",
  "ec2:UnassignPrivateIpAddresses",
];

const BY_LAMBDA = trustIn("lambda.amazonaws.com");

/** Log settings with which Lambda tells of failures, and of each invocation's start and end no more: its metrics have them. */
function withoutRoutine(
  config: aws.lambda.FunctionArgs["loggingConfig"],
): $util.Output<aws.types.input.lambda.FunctionLoggingConfig> {
  return $util.output(config).apply((given) => ({ logFormat: "JSON", ...given, systemLogLevel: "WARN" }));
}
