import { messageOf } from "../errors.ts";
import type { Fetch } from "../ports/fetch-store.ts";
import type { ReceivedMessage } from "../ports/queue.ts";
import { providerDay } from "../provider/day.ts";
import type { Task } from "./batch.ts";
import { daysOf } from "./day-before.ts";
import type { VentilatorDeps } from "./deps.ts";
import { type Disposition, ended, handBack } from "./disposition.ts";

/** The parts that it works with. */
type Deps = Pick<VentilatorDeps, "ledger" | "fetches" | "provider" | "clock" | "quotas">;

/**
 * The end of a record that is not to be started any more, because its run is cancelled or its deadline has passed;
 * undefined if it may start. What has become of it by then counts: whoever fetched it may have died before he said so.
 * @throws Unreachable, StoredRowInvalid
 */
export async function endWithoutStart(task: Task, deps: Deps): Promise<Disposition | undefined> {
  const end = await endOf(task, deps);
  if (end === undefined) return undefined;
  for (const day of daysOf(task, deps)) {
    const row = await deps.fetches.get({ provider: deps.provider.id, day, recordId: task.message.recordId });
    const known = row && knownEnd(row, task, deps);
    if (known !== undefined) return known;
  }
  return end;
}

/**
 * The ends of those of some records that are not to be started any more, and, where a start has its turn in quotas, of those
 * that have had their end today: a turn that a claim finds needless is lost, and at 87 an hour is two thirds of a minute. One
 * that can't be looked at now is not among them: it is looked at again before its start. Never throws.
 */
export async function endUnwanted(
  tasks: readonly Task[],
  deps: Deps & Pick<VentilatorDeps, "log">,
): Promise<ReadonlyMap<ReceivedMessage, Disposition>> {
  const ends = await Promise.all(
    tasks.map(async (task) => {
      try {
        const end = (await endWithoutStart(task, deps)) ?? (await endBeforeTurn(task, deps));
        return end === undefined ? [] : [[task.received, end] as const];
      } catch (thrown) {
        deps.log.warn("a record could not be looked at", { cause: messageOf(thrown) });
        return [];
      }
    }),
  );
  return new Map(ends.flat());
}

/** The end that a record has had today, which nobody needs to look for where a start costs no turn. */
async function endBeforeTurn(task: Task, deps: Deps): Promise<Disposition | undefined> {
  const { provider, clock, quotas, fetches } = deps;
  if (quotas === undefined || task.received.isRedriven) return undefined;
  const day = providerDay(provider.timeZone, clock.nowMs());
  const row = await fetches.get({ provider: provider.id, day, recordId: task.message.recordId });
  return row?.status === "fetched" || row?.status === "dead" ? knownEnd(row, task, deps) : undefined;
}

async function endOf({ received, message }: Task, { ledger, clock }: Deps): Promise<Disposition | undefined> {
  // Whoever put a dead letter back wants it fetched, late or not.
  if (received.isRedriven) return undefined;
  const { runId, number, expiresAtMs = Number.POSITIVE_INFINITY } = message;
  if (clock.nowMs() >= expiresAtMs) {
    return ended("expired", `it was not started by ${new Date(expiresAtMs).toISOString()}`);
  }
  // Runs of schedulers without a ledger can't be cancelled.
  if (number === undefined || !(await ledger.isCancelled(runId))) return undefined;
  return ended("cancelled");
}

function knownEnd(row: Fetch, { message }: Task, { clock }: Deps): Disposition | undefined {
  const leaseLeftMs = row.leaseUntilMs - clock.nowMs();
  switch (row.status) {
    case "fetched":
      return ended(row.runId === message.runId ? "fetched" : "fetchedBefore");
    case "dead":
      return ended("dead", row.history.at(-1)?.cause ?? "its attempts were cut off");
    case "fetching":
      return leaseLeftMs > 0 ? handBack(leaseLeftMs) : undefined;
    case "failed":
      return undefined;
  }
}
