import { type EventBridgeClient, PutEventsCommand } from "@aws-sdk/client-eventbridge";
import { EVENT_SOURCE } from "@sluice/core/deployment";
import { Unreachable } from "@sluice/core/errors";
import type { Announcement, Announcer } from "@sluice/core/ports";
import { orUnreachable } from "@sluice/core/storage/unreachable";
import * as z from "zod";

/** Most entries of a call: https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutEvents.html */
const ENTRIES_MAX = 10;

const answerSchema = z.object({
  Entries: z.array(z.object({ ErrorCode: z.string().optional(), ErrorMessage: z.string().optional() })),
});

/** {@link Announcer} on EventBridge. @param busName or its ARN; `default` is the account's own */
export function createEventBridgeAnnouncer(
  client: Pick<EventBridgeClient, "send">,
  busName: string,
): Announcer {
  async function put(announcements: readonly Announcement[]): Promise<void> {
    const command = new PutEventsCommand({
      Entries: announcements.map(({ id, kind, atMs, detail }) => ({
        EventBusName: busName,
        Source: EVENT_SOURCE,
        DetailType: kind,
        Time: new Date(atMs),
        Detail: JSON.stringify({ id, ...detail }),
      })),
    });
    const answer = answerSchema.safeParse(await orUnreachable("EventBridge", client.send(command)));
    if (!answer.success) throw new Unreachable("EventBridge", "its answer is none of its own");
    const failed = answer.data.Entries.find(({ ErrorCode }) => ErrorCode !== undefined);
    if (failed !== undefined) {
      throw new Unreachable(
        "EventBridge",
        `${failed.ErrorCode}: ${failed.ErrorMessage ?? "it took no event"}`,
      );
    }
    if (answer.data.Entries.length < announcements.length) {
      throw new Unreachable("EventBridge", "it answered for fewer events than it was sent");
    }
  }

  return {
    async announce(announcements) {
      for (let from = 0; from < announcements.length; from += ENTRIES_MAX) {
        await put(announcements.slice(from, from + ENTRIES_MAX));
      }
    },
  };
}
