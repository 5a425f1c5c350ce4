import { PARTITION_WRITE_UNITS_PER_SECOND, READ_UNIT_BYTES, WRITE_UNIT_BYTES } from "@sluice/core/aws-bounds";
import { Unreachable } from "@sluice/core/errors";
import type { Clock } from "@sluice/core/ports";
import type { TableMeter } from "../billing/meter.ts";

/** Charges writes and reads of the table, and refuses writes to a key that is too hot. */
export interface WriteBudget {
  /** @throws Unreachable when the key has had its write units of this second */
  write(key: string, itemBytes: number): void;
  read(itemBytes: number): void;
}

/** Starts with nothing spent. */
export function createWriteBudget(clock: Clock, meter: TableMeter): WriteBudget {
  const spent = new Map<string, number>();
  let second = Number.NaN;

  function write(key: string, itemBytes: number): void {
    const now = Math.floor(clock.nowMs() / 1_000);
    if (now !== second) spent.clear();
    second = now;
    const units = Math.max(1, Math.ceil(itemBytes / WRITE_UNIT_BYTES));
    const total = (spent.get(key) ?? 0) + units;
    if (total > PARTITION_WRITE_UNITS_PER_SECOND) {
      meter.hotRefusals += 1;
      throw new Unreachable(
        "DynamoDB",
        `${key} has taken ${PARTITION_WRITE_UNITS_PER_SECOND} write units in this second`,
      );
    }
    spent.set(key, total);
    meter.writeUnits += units;
  }

  return {
    write,
    read(itemBytes) {
      meter.readUnits += Math.max(1, Math.ceil(itemBytes / READ_UNIT_BYTES));
    },
  };
}
