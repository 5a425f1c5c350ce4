import type { SendFailure } from "@sluice/core/ports";
import { isTransientName } from "@sluice/core/storage/unreachable";
import * as z from "zod";
import { isOfTheQueue, QueueRefuses } from "./queue-refuses.ts";

/** The id of the entry at this position of a batch. */
export function entryId(index: number): string {
  return String(index);
}

const failedSchema = z.object({
  Id: z.string(),
  Code: z.string().default(""),
  Message: z.string().optional(),
  SenderFault: z.boolean().optional(),
});

type FailedEntry = z.infer<typeof failedSchema>;

/**
 * The entries of a batch that SQS has not taken, by its answer; each had the id that {@link entryId} gives. Only an
 * entry that is named as successful, and not as failed as well, was taken: one of which the answer says nothing, or two
 * things, is to be sent again, which its deduplication id makes harmless.
 * @throws QueueRefuses if an entry failed for what would fail any other
 */
export function failuresIn(
  answer: { readonly Successful?: unknown; readonly Failed?: unknown },
  entryCount: number,
): SendFailure[] {
  const takenIds = idsOf(answer.Successful);
  const failed = failedIn(answer.Failed);
  const notTaken: SendFailure[] = [];
  for (let index = 0; index < entryCount; index += 1) {
    const id = entryId(index);
    const failures = failed.filter(({ Id }) => Id === id);
    const [first] = failures;
    if (first !== undefined) {
      const isFinal = !takenIds.has(id) && failures.every(isRefusedForGood);
      notTaken.push({ index, reason: reasonOf(first), isFinal });
    } else if (!takenIds.has(id)) {
      notTaken.push({ index, reason: "SQS did not say what became of it", isFinal: false });
    }
  }
  return notTaken;
}

/**
 * The ids in a list of what was taken; what can't be read says nothing. Read by hand, because each record that is sent
 * costs it, and a schema would cost more.
 */
function idsOf(list: unknown): ReadonlySet<string> {
  const ids = new Set<string>();
  for (const part of partsOf(list)) {
    if (typeof part !== "object" || part === null || !("Id" in part)) continue;
    if (typeof part.Id === "string") ids.add(part.Id);
  }
  return ids;
}

/** The entries in a list of what failed; what can't be read says nothing. */
function failedIn(list: unknown): readonly FailedEntry[] {
  return partsOf(list).flatMap((part) => failedSchema.safeParse(part).data ?? []);
}

function partsOf(list: unknown): readonly unknown[] {
  return Array.isArray(list) ? list : [];
}

/** The trouble of a key or a service, in names of which there are many: it passes. */
const PASSING = /Throttl|LimitExceeded|OverLimit|Timeout|Internal|Unavailable/;

/** @throws QueueRefuses */
function isRefusedForGood(entry: FailedEntry): boolean {
  const { Code, SenderFault } = entry;
  // The older protocol's names, and those of other services, have a prefix.
  const name = Code.slice(Code.lastIndexOf(".") + 1);
  // Throttling is the sender's fault to SQS, and passes.
  const isTransient = isTransientName(Code) ?? isTransientName(name);
  if (isTransient === true || PASSING.test(name)) return false;
  if (isOfTheQueue(Code)) throw new QueueRefuses(reasonOf(entry));
  return isTransient === false || SenderFault === true;
}

function reasonOf({ Code, Message }: FailedEntry): string {
  return (
    [Code, Message].filter((part) => part !== undefined && part !== "").join(": ") || "SQS gave no reason"
  );
}
