import { messageOf } from "../errors.ts";
import type { Clock } from "../ports/clock.ts";
import type { ClaimRequest, ClaimResult, FetchStore } from "../ports/fetch-store.ts";
import type { Log } from "../ports/log.ts";
import { persist } from "../timing/persist.ts";
import { createTimeLimit } from "../timing/time-limit.ts";
import type { BatchTimes } from "./batch-times.ts";

/** Claims of a batch, of which none that led to no start stays granted. */
export interface ReleasingClaims {
  /**
   * Claims as the store does, and waits no longer than a grant is of use. If it throws nothing was started, but the
   * claim may have been granted and its answer lost: it is released beside the batch's other work.
   * @throws Unreachable, StoredRowInvalid
   */
  claim(request: ClaimRequest): Promise<ClaimResult>;
  /** Resolves when no release is under way; never rejects. */
  released(): Promise<void>;
  /** Calls off what `claim` waits for. */
  end(): void;
}

/** Makes the claims of a batch. */
export function createReleasingClaims(
  fetches: Pick<FetchStore, "claim" | "withdraw">,
  times: BatchTimes,
  deps: { readonly clock: Clock; readonly log: Log },
): ReleasingClaims {
  const { clock, log } = deps;
  const limit = createTimeLimit(clock, times.invokeUntilMs);
  const releases: Promise<void>[] = [];

  async function claim(request: ClaimRequest): Promise<ClaimResult> {
    const asked = fetches.claim(request);
    try {
      return await limit.keep("the table", asked);
    } catch (thrown) {
      releases.push(release(request, asked));
      throw thrown;
    }
  }

  async function release(request: ClaimRequest, asked: Promise<ClaimResult>): Promise<void> {
    // Most are answered after all, and often by a refusal; one that is not may still be carried out.
    const claimed = await asked.catch(() => undefined);
    if (claimed !== undefined && claimed.kind !== "claimed") return;
    try {
      await persist(clock, times.writeUntilMs, () => fetches.withdraw(request));
    } catch (thrown) {
      const cause = messageOf(thrown);
      const { recordId } = request;
      log.warn("a claim without a start could not be released, it counts as one", { recordId, cause });
    }
  }

  return {
    claim,
    released: async () => void (await Promise.all(releases)),
    end: limit.end,
  };
}
