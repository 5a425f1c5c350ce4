import { messageOf } from "@sluice/core/errors";
import type { Remover, Resource } from "../ports/resource.ts";

/** Something that could not be removed, and why. */
export interface Leftover {
  readonly resource: Resource;
  readonly why: string;
}

/** Removes all of these, one after the other; a failure keeps none of the others. */
export async function removeAll(
  remover: Remover,
  resources: readonly Resource[],
  say: (line: string) => void,
): Promise<readonly Leftover[]> {
  const leftovers: Leftover[] = [];
  for (const resource of resources) {
    try {
      await remover.remove(resource);
      say(`removed ${resource.kind} ${resource.name}`);
    } catch (thrown) {
      leftovers.push({ resource, why: messageOf(thrown) });
      say(`${resource.kind} ${resource.name} is still there: ${messageOf(thrown)}`);
    }
  }
  return leftovers;
}
