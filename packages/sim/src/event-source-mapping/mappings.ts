import type { Clock, Ids, Random } from "@sluice/core/ports";
import type { MappingDescription } from "./description.ts";
import type { MappingInvocation } from "./invocation.ts";
import type { TransitionState } from "./lifecycle.ts";
import { createMapping, type Mapping, type MappingDeps } from "./mapping.ts";
import { done, type MappingOutcome, type MappingRefusal, refused } from "./mapping-outcome.ts";
import type { MappingQueue } from "./mapping-queue.ts";
import { DEFAULT_SETTINGS, type MappingChange } from "./settings.ts";
import type { SqsEvent } from "./sqs-event.ts";
import type { StartupStep } from "./startup.ts";

/** Dependencies of {@link createMappings}. */
export interface MappingsDeps {
  readonly clock: Clock;
  readonly random: Random;
  /** Makes the mappings' UUIDs. */
  readonly ids: Ids;
  /** The queue of that ARN, or undefined when there is none; rejects when that can't be told. */
  openQueue(queueArn: string): Promise<MappingQueue | undefined>;
  /** As deployed now; undefined when there is no such function. */
  functionTimeoutMs(functionName: string): number | undefined;
  /** Runs the function once; never rejects. */
  invoke(functionName: string, event: SqsEvent): Promise<MappingInvocation>;
  /** The duration of the transition that starts now, into this state. */
  transitionMs(state: TransitionState): number;
  /** As a mapping's own; by default none. */
  pollersLagMs?(): number;
  /** As a mapping's own; by default none. */
  startup?(): readonly StartupStep[];
  readonly redeliveryRatio: number;
}

/** A request to create a mapping; settings that are left out get AWS's defaults. */
export interface NewMapping {
  readonly queueArn: string;
  readonly functionName: string;
  readonly settings: MappingChange;
}

/** The event source mappings of an account, as the control plane offers them. */
export interface Mappings {
  create(request: NewMapping): Promise<MappingOutcome<MappingDescription>>;
  /** The mapping itself, with its counters; undefined when there is none, or no longer. */
  find(uuid: string): Mapping | undefined;
  get(uuid: string): MappingOutcome<MappingDescription>;
  list(): readonly MappingDescription[];
  update(uuid: string, change: MappingChange): MappingOutcome<MappingDescription>;
  remove(uuid: string): MappingOutcome<MappingDescription>;
  /** Updates that were accepted so far. */
  acceptedUpdateCount(): number;
  /** Stops all mappings; resolves with true if all that was under way ended within `drainMs`. */
  stop(drainMs: number): Promise<boolean>;
}

/** Makes an account without mappings. */
export function createMappings(deps: MappingsDeps): Mappings {
  const byUuid = new Map<string, Mapping>();
  let acceptedUpdateCount = 0;

  function existing(): readonly Mapping[] {
    return [...byUuid.values()].filter((mapping) => !mapping.isDeleted());
  }

  function find(uuid: string): Mapping | undefined {
    const mapping = byUuid.get(uuid);
    return mapping?.isDeleted() ? undefined : mapping;
  }

  function withMapping(
    uuid: string,
    use: (mapping: Mapping) => MappingOutcome<MappingDescription>,
  ): MappingOutcome<MappingDescription> {
    const mapping = find(uuid);
    return mapping === undefined
      ? refused("ResourceNotFoundException", "The resource you requested does not exist.")
      : use(mapping);
  }

  async function create(request: NewMapping): Promise<MappingOutcome<MappingDescription>> {
    const queue = await deps.openQueue(request.queueArn);
    const outcome = createOne(deps, existing(), queue, request);
    if (outcome.kind === "refused") return outcome;
    const description = outcome.value.describe();
    byUuid.set(description.uuid, outcome.value);
    return done(description);
  }

  function update(uuid: string, change: MappingChange): MappingOutcome<MappingDescription> {
    const outcome = withMapping(uuid, (mapping) => mapping.update(change));
    if (outcome.kind !== "refused") acceptedUpdateCount += 1;
    return outcome;
  }

  return {
    create,
    find,
    get: (uuid) => withMapping(uuid, (mapping) => done(mapping.describe())),
    list: () => existing().map((mapping) => mapping.describe()),
    update,
    remove: (uuid) => withMapping(uuid, (mapping) => mapping.remove()),
    acceptedUpdateCount: () => acceptedUpdateCount,
    async stop(drainMs) {
      const drained = await Promise.all([...byUuid.values()].map((mapping) => mapping.stop(drainMs)));
      return drained.every((isDrained) => isDrained);
    },
  };
}

function createOne(
  deps: MappingsDeps,
  others: readonly Mapping[],
  queue: MappingQueue | undefined,
  { queueArn, functionName, settings }: NewMapping,
): MappingOutcome<Mapping> {
  if (queue === undefined) return queueMissing(queueArn);
  if (deps.functionTimeoutMs(functionName) === undefined) {
    return refused("InvalidParameterValueException", "Function does not exist");
  }
  const conflict = conflictOf(others, queueArn, functionName);
  if (conflict !== undefined) return conflict;
  return createMapping(
    mappingDeps(deps, functionName, queue),
    { uuid: deps.ids.next(), queueArn, functionName },
    { ...DEFAULT_SETTINGS, ...settings },
  );
}

function mappingDeps(deps: MappingsDeps, functionName: string, queue: MappingQueue): MappingDeps {
  return {
    ...deps,
    queue,
    // A function that is gone can't be too slow.
    functionTimeoutMs: () => deps.functionTimeoutMs(functionName) ?? 0,
    invoke: (event) => deps.invoke(functionName, event),
  };
}

function conflictOf(
  others: readonly Mapping[],
  queueArn: string,
  functionName: string,
): MappingRefusal | undefined {
  const twin = others
    .map((mapping) => mapping.describe())
    .find((other) => other.queueArn === queueArn && other.functionName === functionName);
  if (twin === undefined) return undefined;
  return refused(
    "ResourceConflictException",
    `An event source mapping with SQS arn (" ${queueArn} ") and function (" ${functionName} ") already exists. Please update or delete the existing mapping with UUID ${twin.uuid}`,
  );
}

function queueMissing(queueArn: string): MappingRefusal {
  return refused(
    "InvalidParameterValueException",
    `Error occurred while ReceiveMessage. SQS Error Code: AWS.SimpleQueueService.NonExistentQueue. SQS Error Message: The specified queue ${queueArn} does not exist.`,
  );
}
