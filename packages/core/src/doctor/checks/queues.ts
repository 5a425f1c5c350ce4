import { planOf, type QueuePlan } from "../../deployment/plan.ts";
import type { QueueReading, QueueRole } from "../../ports/deployment-reader.ts";
import type { Check } from "../check.ts";
import { resultOf } from "../finding.ts";
import { spanText } from "../span-text.ts";
import { unread } from "../unread.ts";

const ROLES: readonly QueueRole[] = ["records", "express", "dead-letter"];

/** The queues are there, with the times and the dead-letter queue that the contract asks for. */
export const queuesCheck: Check = {
  name: "queues",
  reads: "the attributes of the three queues",
  why: "a message that is visible too soon is worked on twice, and one that is kept too short is lost",
  async run({ provider, place, deployed }, { deploy }) {
    const plan = planOf(provider, place.environment);
    const problems: string[] = [];
    for (const role of ROLES) {
      const reading = await deployed.queue(role);
      if (reading.kind !== "read") return unread(reading);
      const planned = role === "dead-letter" ? plan.deadLetterQueue : plan.queues[role];
      problems.push(...problemsOf(planned, reading.value));
    }
    const { visibilityTimeoutMs, retentionMs } = plan.queues.records;
    const times = `hidden for ${spanText(visibilityTimeoutMs)}, kept for ${spanText(retentionMs)}`;
    return resultOf(problems, `all three as the contract asks: ${times}`, deploy);
  },
};

function problemsOf(plan: QueuePlan, queue: QueueReading | undefined): readonly string[] {
  const { name } = plan;
  if (queue === undefined) return [`there is no queue ${name}`];
  const { visibilityTimeoutMs, retentionMs, deadLetterQueue, maxReceiveCount } = queue;
  const problems: string[] = [];
  if (visibilityTimeoutMs !== plan.visibilityTimeoutMs) {
    const wanted = `${plan.visibilityTimeoutMs / 1_000} s`;
    problems.push(`${name} hides a message for ${visibilityTimeoutMs / 1_000} s instead of ${wanted}`);
  }
  if (retentionMs < plan.retentionMs) {
    problems.push(
      `${name} keeps a message for ${spanText(retentionMs)} instead of ${spanText(plan.retentionMs)}`,
    );
  }
  if (deadLetterQueue !== plan.deadLetterQueue) {
    problems.push(
      `${name} gives up to ${deadLetterQueue ?? "no queue"} instead of ${plan.deadLetterQueue ?? "none"}`,
    );
  } else if (maxReceiveCount !== plan.maxReceiveCount) {
    problems.push(`${name} gives up after ${maxReceiveCount} receives instead of ${plan.maxReceiveCount}`);
  }
  return problems;
}
