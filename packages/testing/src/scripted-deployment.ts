import { ALARM_NAMES, concurrencyNeedOf, planOf } from "@sluice/core/deployment";
import type { Clock, DeploymentReader, MappingReading, Reading } from "@sluice/core/ports";
import type { Provider } from "@sluice/core/provider";
import { mappingShapeOf } from "@sluice/core/valve";

const read = <T>(value: T): Reading<T> => ({ kind: "read", value });

/** ARN of the topic of all alarms. */
export const TOPIC_ARN = "arn:aws:sns:eu-central-1:123456789012:alarms";

/**
 * {@link DeploymentReader} of a provider that is deployed on AWS as it should be, with its breaker closed and nothing in
 * its queues. A test puts other answers in place of those that it is about.
 */
export function createScriptedDeployment(
  provider: Provider,
  environment: string,
  { nowMs }: Pick<Clock, "nowMs">,
): DeploymentReader {
  const plan = planOf(provider, environment);
  const { maxConcurrency } = provider;
  const { settings } = mappingShapeOf(provider, {
    phase: "closed",
    limit: maxConcurrency,
    target: maxConcurrency,
    epoch: 0,
  });
  return {
    queue: async (role) => {
      const { tags, name: _, ...queue } = role === "dead-letter" ? plan.deadLetterQueue : plan.queues[role];
      return read({ ...queue, ...(tags && { tags }) });
    },
    oldestMessageAgeMs: async () => read(0),
    mapping: async (lane) =>
      read<MappingReading>({
        to: "ventilator",
        settings: settings[lane],
        state: "enabled",
        reason: "USER_INITIATED",
      }),
    function: async (role) =>
      role === "worker" ? read({ reservedConcurrency: maxConcurrency }) : read({ provider }),
    deniedActions: async () => read([]),
    concurrency: async () => read({ limit: 1_000, unreserved: concurrencyNeedOf(provider).all }),
    alarms: async () => read(ALARM_NAMES.map((name) => ({ name, isRaised: false, topicArns: [TOPIC_ARN] }))),
    subscriberCount: async () => read(1),
    untold: async () => read([]),
    clock: async () => {
      const secondMs = Math.floor(nowMs() / 1_000) * 1_000;
      return read({ secondMs, askedAtMs: nowMs(), answeredAtMs: nowMs() });
    },
    configuredProvider: async () => read(provider),
  };
}
