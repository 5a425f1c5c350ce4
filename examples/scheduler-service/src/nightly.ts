import * as z from "zod";
import { recordIds } from "./record-ids.ts";
import { scheduler } from "./scheduler.ts";

const { TIME_ZONE } = z.object({ TIME_ZONE: z.string() }).parse(process.env);
const eventSchema = z.object({ scheduledAt: z.iso.datetime() });
// The Swedish locale writes dates as ISO 8601 does.
const dayFormat = new Intl.DateTimeFormat("sv-SE", { timeZone: TIME_ZONE, dateStyle: "short" });

/** Enqueues everything, once a day however often it is called. If it fails, Lambda calls it again, and it goes on. */
export async function handler(event: unknown): Promise<void> {
  const { scheduledAt } = eventSchema.parse(event);
  const runId = dayFormat.format(new Date(scheduledAt));
  const { accepted, rejected } = await scheduler.enqueue(recordIds(), { runId });
  console.log(`Run ${runId}: ${accepted} enqueued`, { rejected });
}
