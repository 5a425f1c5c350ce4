import { messageOf } from "@sluice/core/errors";
import type { Reading } from "@sluice/core/ports";
import { isDenied, rootOf } from "./operator-errors.ts";

/** IAM's refusals name the action; SQS writes it in small letters. */
const ACTION = /not authorized to perform: ([\w-]+:\w+)/;

/**
 * The answer to a call, or why there is none. Never throws.
 * @param permission that the call takes, where its refusal does not name it
 */
export async function readingOf<T>(permission: string, call: () => Promise<T>): Promise<Reading<T>> {
  try {
    return { kind: "read", value: await call() };
  } catch (thrown) {
    const root = rootOf(thrown);
    const cause = messageOf(root).replaceAll(/\s+/g, " ");
    if (!isDenied(root)) return { kind: "unreachable", cause };
    const [, named = permission] = ACTION.exec(cause) ?? [];
    const isSame = named.toLowerCase() === permission.toLowerCase();
    return { kind: "denied", permission: isSame ? permission : named, cause };
  }
}

/** The answer to a call, and undefined where there is nothing of the kind: its error has this name. */
export async function unlessMissing<T>(missing: string, call: () => Promise<T>): Promise<T | undefined> {
  try {
    return await call();
  } catch (thrown) {
    if (thrown instanceof Error && thrown.name === missing) return undefined;
    throw thrown;
  }
}
