import { CallFailed } from "../call-failed.ts";
import type { FunctionCode, Statement } from "../ports/functions.ts";
import type { MadeQueue } from "../ports/queues.ts";
import type { Resource } from "../ports/resource.ts";
import { tryUntil } from "../try-until.ts";
import type { Bench, MadeMapping } from "./bench.ts";
import type { BenchDeps } from "./bench-deps.ts";

/** Receives after which a message of the queue without a mapping becomes a dead letter. */
export const MAX_RECEIVES = 3;

/** The settings of a mapping that is made, the least that there are: disabled. */
export const AT_FIRST = { isEnabled: false, batchSize: 1, maximumConcurrency: 2 } as const;

/** All that a bench makes when it is first asked for. */
type Made = Pick<Bench, "direct" | "deadLetters" | "mapping" | "standard" | "otherMapping">;

/** Makes what measurements share, each thing once; what can't be made fails for all that need it, in the same words. */
export function createMaking(deps: BenchDeps): Made {
  const { account, names } = deps;
  const deadLetters = once(() => makeQueue(deps, names.deadLetters));
  const load = once(() => makeQueue(deps, names.load));
  const standard = once(() => makeQueue(deps, names.standard));
  const table = once(async () => {
    await begin(deps, { kind: "table", name: names.table });
    return account.journal.create(names.table);
  });
  const mapping = once(async () => {
    const [queue, tableArn] = [await load(), await table()];
    const statements = [
      { actions: POLLING, resource: queue.arn },
      { actions: ["dynamodb:PutItem"], resource: tableArn },
    ];
    const made = await makeMapping(deps, "recorder", queue, statements);
    await whenAbleToWrite(deps);
    return made;
  });
  return {
    deadLetters,
    direct: once(async () => {
      const { arn } = await deadLetters();
      return makeQueue(deps, names.direct, { queueArn: arn, maxReceiveCount: MAX_RECEIVES });
    }),
    mapping,
    standard,
    otherMapping: once(async () => {
      const [queue, { functionArn }] = [await standard(), await mapping()];
      return makeMapping(deps, "updater", queue, [
        { actions: POLLING, resource: queue.arn },
        updatingMappingsOf(functionArn),
      ]);
    }),
  };
}

/** The actions that Lambda needs to poll a queue for a function, in its role. */
const POLLING = ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"];

/** The right that a ventilator of Sluice has for its own function, in the same form. */
function updatingMappingsOf(functionArn: string): Statement {
  return {
    actions: ["lambda:UpdateEventSourceMapping"],
    resource: functionArn.replace(/:function:.*$/, ":event-source-mapping:*"),
    condition: { StringEquals: { "lambda:FunctionArn": functionArn } },
  };
}

/** Makes a function with its role, which may not write logs: a log group would be one more thing to remove. */
async function makeMapping(
  deps: BenchDeps,
  code: FunctionCode,
  queue: MadeQueue,
  statements: readonly Statement[],
): Promise<MadeMapping> {
  const { account, names, timing, say } = deps;
  const [name, role] = [names[code], names[`${code}Role`]];
  await begin(deps, { kind: "role", name: role });
  const roleArn = await account.functions.createRole(role, statements);
  await begin(deps, { kind: "function", name });
  const variables = { TABLE: names.table };
  const { visibilitySeconds: timeoutSeconds } = timing;
  const functionArn = await account.functions.create({ name, roleArn, code, timeoutSeconds, variables });
  say(`making the mapping of ${name}`);
  const uuid = await account.mappings.create({ functionName: name, queueArn: queue.arn, ...AT_FIRST });
  return { uuid, queue, functionArn };
}

/** IAM may take some seconds to know of a role's rights: without them the recorder would fail batches. */
const ABLE_WITHIN_MS = 60_000;

async function whenAbleToWrite({ account, clock, names }: BenchDeps): Promise<void> {
  const write = () => account.functions.invoke(names.recorder, { holdMs: 0, isProbe: true });
  await tryUntil(clock, ABLE_WITHIN_MS, write, (error) => error instanceof CallFailed);
}

async function makeQueue(
  deps: BenchDeps,
  name: string,
  deadLetters?: { readonly queueArn: string; readonly maxReceiveCount: number },
): Promise<MadeQueue> {
  const { account, names, timing } = deps;
  await begin(deps, { kind: "queue", name });
  const { visibilitySeconds } = timing;
  const isFifo = name !== names.standard;
  return account.queues.create({ name, isFifo, visibilitySeconds, ...(deadLetters && { deadLetters }) });
}

/** Tells what is to be made, to the one at the terminal and to who removes it; once interrupted nothing more is begun. @throws Interrupted */
async function begin({ clock, ledger, say }: BenchDeps, resource: Resource): Promise<void> {
  await clock.sleep(0);
  ledger.add(resource);
  say(`making ${resource.kind} ${resource.name}`);
}

function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => {
    made ??= make();
    return made;
  };
}
