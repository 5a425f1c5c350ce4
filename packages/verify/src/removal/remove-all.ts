import { messageOf } from "@sluice/core/errors";
import type { Clock } from "@sluice/core/ports";
import { RESOURCE_KINDS, type Remover, type Resource } from "../ports/resource.ts";

/** Something that could not be removed, and why. */
export interface Leftover {
  readonly resource: Resource;
  readonly why: string;
}

/** The parts of {@link removeAll}. */
export interface RemoveAllDeps {
  readonly remover: Remover;
  readonly clock: Clock;
  /** Between the beginnings of removals of functions side by side: each asks Lambda's control plane some times at once. */
  readonly apartMs: number;
  say(line: string): void;
}

/** Removals side by side: that of a function asks the control plane every two seconds. */
const AT_ONCE = 5;

/** Removes all of these, kind after kind, those of a kind side by side; a failure keeps none of the others. */
export async function removeAll(
  deps: RemoveAllDeps,
  resources: readonly Resource[],
): Promise<readonly Leftover[]> {
  const leftovers: Leftover[] = [];
  for (const kind of RESOURCE_KINDS) {
    const ofKind = resources.filter((resource) => resource.kind === kind);
    const apartMs = kind === "function" ? deps.apartMs : 0;
    leftovers.push(...(await removeSideBySide({ ...deps, apartMs }, ofKind)));
  }
  return leftovers;
}

async function removeSideBySide(
  deps: RemoveAllDeps,
  resources: readonly Resource[],
): Promise<readonly Leftover[]> {
  const outcomes: (Leftover | undefined)[] = [];
  const rest = resources.entries();
  async function work(place: number): Promise<void> {
    await deps.clock.sleep(place * deps.apartMs);
    for (const [at, resource] of rest) outcomes[at] = await removeOne(deps, resource);
  }
  const workers = Math.min(AT_ONCE, resources.length);
  await Promise.all(Array.from({ length: workers }, (_, place) => work(place)));
  return outcomes.filter((outcome) => outcome !== undefined);
}

async function removeOne({ remover, say }: RemoveAllDeps, resource: Resource): Promise<Leftover | undefined> {
  try {
    await remover.remove(resource);
    say(`removed ${resource.kind} ${resource.name}`);
    return undefined;
  } catch (thrown) {
    say(`${resource.kind} ${resource.name} is still there: ${messageOf(thrown)}`);
    return { resource, why: messageOf(thrown) };
  }
}
