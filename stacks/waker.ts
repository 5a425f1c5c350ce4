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

/** Seconds after which a call that has not begun is given up: the next round is due. It is the least that AWS takes. */
const CALL_MAX_AGE_SECONDS = 60;

// A round that failed or was throttled is made up for by the next one: Lambda's repetitions, up to six hours later, would
// only run beside it.
new aws.lambda.FunctionEventInvokeConfig("WakerCalls", {
  functionName: waker.name,
  maximumRetryAttempts: 0,
  maximumEventAgeInSeconds: CALL_MAX_AGE_SECONDS,
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
      args.target = $util.output(args.target).apply(withinTheMinute);
    },
  },
});

/** A call that the schedule could not hand over is repeated within its minute. */
function withinTheMinute(target: aws.types.input.scheduler.ScheduleTarget) {
  return {
    ...target,
    retryPolicy: { ...target.retryPolicy, maximumEventAgeInSeconds: CALL_MAX_AGE_SECONDS },
  };
}
