import {
  handleRequest,
  ProviderFault,
  ProviderThrottled,
  RecordRejected,
  type WorkerDeps,
} from "@sluice/core/job";
import type { DaySite, SiteAnswer } from "./day-site.ts";

/** Does what a worker's Lambda does with one event; its job is a request to the provider of the day. */
export async function answerEvent(
  payload: string,
  client: string,
  site: DaySite,
  deps: WorkerDeps,
): Promise<string> {
  const event: unknown = JSON.parse(payload);
  const attemptId = String(Object(event).attemptId);
  const reply = await handleRequest(
    event,
    async ({ recordId, signal }) =>
      throwUnlessFound(await site.request({ client, recordId, attemptId, signal })),
    deps,
  );
  return JSON.stringify(reply);
}

function throwUnlessFound({ status, retryAfterSeconds }: SiteAnswer): void {
  const cause = `HTTP ${status}`;
  switch (status) {
    case 200:
      return;
    case 404:
      throw new RecordRejected(cause);
    case 429:
      throw new ProviderThrottled(
        cause,
        retryAfterSeconds === undefined ? undefined : retryAfterSeconds * 1_000,
      );
    case 500:
      throw new ProviderFault(cause);
  }
}
