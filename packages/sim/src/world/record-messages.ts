import type { Provider } from "@sluice/core/provider";
import { MESSAGE_VERSION, messageBody, parseMessage } from "@sluice/core/records";
import type { LawSetup } from "../lab/law-setup.ts";
import { recordIdOf } from "./records.ts";

/** The message of the n-th record, as the scheduler would send it. */
export function messageOf(
  index: number,
  provider: Provider,
  groups: LawSetup["groups"],
): { readonly groupId: string; readonly body: string } {
  const recordId = recordIdOf(index);
  const body = messageBody({
    version: MESSAGE_VERSION,
    provider: provider.id,
    runId: "run",
    correlationId: `c${index}`,
    recordId,
  });
  return { groupId: groups === "single" ? provider.id : recordId, body };
}

/** The record that a message body is about; undefined for a body that is none of ours. */
export function recordIdIn(body: string, provider: Provider): string | undefined {
  const parsed = parseMessage(body, provider.id);
  return parsed.kind === "message" ? parsed.message.recordId : undefined;
}
