import {
  handleRequest,
  ProviderFault,
  ProviderThrottled,
  RecordRejected,
  type WorkerDeps,
} from "@sluice/core/job";
import type { DaySite, SiteAnswer } from "./day-site.ts";
import type { Nature } from "./story.ts";

/** The worker's own part in how a provider's answers reach the ventilator. */
export type WorkerWays = Pick<Nature, "causeLength" | "hasBrokenWait">;

/** Does what a worker's Lambda does with one event; its job is a request to the provider of the day. */
export async function answerEvent(
  payload: string,
  client: string,
  site: DaySite,
  ways: WorkerWays,
  deps: WorkerDeps,
): Promise<string> {
  const event: unknown = JSON.parse(payload);
  const attemptId = String(Object(event).attemptId);
  const reply = await handleRequest(
    event,
    async ({ recordId, signal }) =>
      throwUnlessFound(await site.request({ client, recordId, attemptId, signal }), ways),
    deps,
  );
  return JSON.stringify(reply);
}

function throwUnlessFound({ status, retryAfterSeconds }: SiteAnswer, ways: WorkerWays): void {
  if (status === 200) return;
  // Faces take two UTF-16 units each, which must not be torn apart.
  const cause = `HTTP ${status} `.padEnd(ways.causeLength, "🙂");
  switch (status) {
    case 404:
      throw new RecordRejected(cause);
    case 429:
      throw new ProviderThrottled(cause, waitMs(retryAfterSeconds, ways));
    case 500:
      throw new ProviderFault(cause);
  }
}

function waitMs(seconds: number | undefined, { hasBrokenWait }: WorkerWays): number | undefined {
  if (seconds === undefined) return undefined;
  return hasBrokenWait ? Number.NaN : seconds * 1_000;
}
