import type { Bench } from "./bench.ts";

/**
 * The invocations that a measurement may have at once: others' functions keep half of what they have now. @throws CallFailed
 */
export async function freeConcurrency({ account }: Pick<Bench, "account">): Promise<number> {
  return Math.floor((await account.functions.unreservedConcurrency()) / 2);
}
