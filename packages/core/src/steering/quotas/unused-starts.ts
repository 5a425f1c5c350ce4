import type { QuotaStore } from "../../ports/quota-store.ts";
import type { Block } from "./reserve-block.ts";

/** A batch's starts of a day that are reserved and not made; those of an earlier day are of use to nobody. */
export interface UnusedStarts {
  add(block: Block): void;
  /** A start is made. */
  take(): void;
  /** It was not made after all. */
  putBack(): void;
  /** Gives back what is left, once. @throws Unreachable */
  giveBack(): Promise<void>;
}

/** Makes a count without a start. */
export function createUnusedStarts(store: Pick<QuotaStore, "giveBack">): UnusedStarts {
  let day: string | undefined;
  let count = 0;
  return {
    add({ turns, day: reservedOf }) {
      if (reservedOf !== day) count = 0;
      day = reservedOf;
      count += turns.length;
    },
    take() {
      count -= 1;
    },
    putBack() {
      count += 1;
    },
    async giveBack() {
      const left = count;
      count = 0;
      if (day !== undefined && left > 0) await store.giveBack(day, left);
    },
  };
}
