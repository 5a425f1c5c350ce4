import type { Bench, MadeMapping } from "../../bench/bench.ts";
import { createFeeder } from "../../bench/feeder.ts";
import { followJournal } from "../../bench/follow-journal.ts";
import type { RecordedInvocation } from "../../ports/journal.ts";

/** A mapping under load. */
export interface Load {
  readonly mapping: MadeMapping;
  /** Fills the queue up, and reads what the recorder was handed so far. @throws CallFailed */
  look(): Promise<readonly RecordedInvocation[]>;
  /** All that the recorder was handed so far. @throws CallFailed */
  read(): Promise<readonly RecordedInvocation[]>;
  /** To be called when somebody else has emptied the queue. */
  emptied(): void;
}

/** More than batches at once, so that concurrency is bounded by the mapping alone. */
const GROUPS = 40;

/** Puts the mapping under load. @throws CallFailed */
export async function startLoad(bench: Bench): Promise<Load> {
  const mapping = await bench.mapping();
  const journal = await followJournal(bench);
  const { backlog, holdMs } = bench.timing;
  const feeder = createFeeder(bench, mapping.queue, bench.nextId(), { backlog, groups: GROUPS, holdMs });
  return {
    mapping,
    read: journal.read,
    emptied: feeder.emptied,
    async look() {
      const invocations = await journal.read();
      await feeder.feed(invocations);
      return invocations;
    },
  };
}
