import * as z from "zod";
import { type ByLane, byLane, LANES, type Lane } from "../provider/lane.ts";

/** A queue as its users find it. */
export interface QueueAddress<Text> {
  readonly url: Text;
  readonly arn: Text;
}

/** The names of the variables that lead to a lane's queue. */
export function queueVariableNames(lane: Lane): QueueAddress<string> {
  const stem = `SLUICE_${lane.toUpperCase()}_QUEUE`;
  return { url: `${stem}_URL`, arn: `${stem}_ARN` };
}

/** The variables that lead ventilator and waker to the queues: known only once there are queues. */
export function queueVariables<Text>(
  queues: ByLane<QueueAddress<Text>>,
  deadLetterQueue: QueueAddress<Text>,
): Record<string, Text> {
  const variables = LANES.flatMap((lane) => {
    const { url, arn } = queueVariableNames(lane);
    return [
      [url, queues[lane].url],
      [arn, queues[lane].arn],
    ];
  });
  return { ...Object.fromEntries(variables), SLUICE_DEAD_LETTER_QUEUE_URL: deadLetterQueue.url };
}

/** Parses the URLs of the lanes' queues out of an environment. */
export const queueUrlsSchema: z.ZodType<{ readonly queueUrls: ByLane<string> }> = variablesSchema(
  (lane) => queueVariableNames(lane).url,
  z.url(),
).transform((queueUrls) => ({ queueUrls }));

/** Parses the ARNs of the lanes' queues out of an environment. */
export const queueArnsSchema: z.ZodType<{ readonly queueArns: ByLane<string> }> = variablesSchema(
  (lane) => queueVariableNames(lane).arn,
  z.string().regex(/^arn:[^:]+:sqs:/, "must be the ARN of a queue"),
).transform((queueArns) => ({ queueArns }));

/** One variable for each lane; the others of the environment are left out. */
function variablesSchema(nameOf: (lane: Lane) => string, valueSchema: z.ZodType<string>) {
  return z
    .object(Object.fromEntries(LANES.map((lane) => [nameOf(lane), valueSchema])))
    .transform((variables) => byLane((lane) => valueSchema.parse(variables[nameOf(lane)])));
}
