import { messageOf } from "@sluice/core/errors";
import { RESOURCE_KINDS, type Remover, type Resource } from "../ports/resource.ts";

/** Something that could not be removed, and why. */
export interface Leftover {
  readonly resource: Resource;
  readonly why: string;
}

/** Removals side by side: each of a function looks at its mappings every two seconds, in Lambda's control plane. */
const AT_ONCE = 5;

/** Removes all of these, kind after kind, those of a kind side by side; a failure keeps none of the others. */
export async function removeAll(
  remover: Remover,
  resources: readonly Resource[],
  say: (line: string) => void,
): Promise<readonly Leftover[]> {
  const leftovers: Leftover[] = [];
  for (const kind of RESOURCE_KINDS) {
    const ofKind = resources.filter((resource) => resource.kind === kind);
    const outcomes = await eachOf(ofKind, (resource) => removeOne(remover, resource, say));
    leftovers.push(...outcomes.filter((outcome) => outcome !== undefined));
  }
  return leftovers;
}

async function removeOne(
  remover: Remover,
  resource: Resource,
  say: (line: string) => void,
): Promise<Leftover | undefined> {
  try {
    await remover.remove(resource);
    say(`removed ${resource.kind} ${resource.name}`);
    return undefined;
  } catch (thrown) {
    say(`${resource.kind} ${resource.name} is still there: ${messageOf(thrown)}`);
    return { resource, why: messageOf(thrown) };
  }
}

/** The outcomes of all, in their order, {@link AT_ONCE} at a time. */
async function eachOf<T, R>(all: readonly T[], one: (item: T) => Promise<R>): Promise<readonly R[]> {
  const outcomes: R[] = [];
  const rest = all.entries();
  const work = async () => {
    for (const [at, item] of rest) outcomes[at] = await one(item);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return outcomes;
}
