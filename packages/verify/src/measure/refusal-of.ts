import { CallFailed } from "../call-failed.ts";

/** AWS's name for the refusal of a call that is expected to be refused; undefined if it was accepted. */
export async function refusalOf(call: Promise<unknown>): Promise<string | undefined> {
  try {
    await call;
    return undefined;
  } catch (thrown) {
    if (thrown instanceof CallFailed) return thrown.reason;
    throw thrown;
  }
}
