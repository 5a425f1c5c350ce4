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
          const answer = await items.take(request);
          for (const take of doubtful) if (isSame(take, request)) doubtful.delete(take);
          return answer;
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

/** True if a take asks for leases again that another one has asked for: then its answer is the other's, too. */
function isSame(one: TakeRequest, other: TakeRequest): boolean {
  return one.shardIndex === other.shardIndex && one.leases[0]?.text === other.leases[0]?.text;
}
