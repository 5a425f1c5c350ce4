import { Unreachable } from "../errors.ts";
import type { PermitItems, TakeRequest } from "../ports/permit-items.ts";

/** Shards whose takes are watched, so that leases without a holder don't stay. */
export interface DoubtfulTakes {
  /** The same shards. A take that throws `Unreachable` may have happened: it is remembered. */
  readonly items: PermitItems;
  /** Removes the leases of takes that no answer came to: nobody holds them. @throws Unreachable */
  free(): Promise<void>;
}

/** Watches the takes of one process. */
export function watchTakes(items: PermitItems): DoubtfulTakes {
  const doubtful = new Set<TakeRequest>();
  return {
    items: {
      ...items,
      async take(request) {
        try {
          return await items.take(request);
        } catch (thrown) {
          if (thrown instanceof Unreachable) doubtful.add(request);
          throw thrown;
        }
      },
    },
    async free() {
      for (const take of doubtful) {
        await items.prune(take.shardIndex, take.leases);
        doubtful.delete(take);
      }
    },
  };
}
