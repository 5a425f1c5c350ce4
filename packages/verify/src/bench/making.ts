import { CallFailed } from "../call-failed.ts";
import type { FunctionCode, Statement } from "../ports/functions.ts";
import type { MadeQueue } from "../ports/queues.ts";
import { tryUntil } from "../try-until.ts";
import type { Bench, MadeMapping } from "./bench.ts";
import type { BenchDeps } from "./bench-deps.ts";

/** Receives after which a message of the queue without a mapping becomes a dead letter. */
export const MAX_RECEIVES = 3;

/** The settings of a mapping that is made, the least that there are: disabled. */
export const AT_FIRST = { isEnabled: false, batchSize: 1, maximumConcurrency: 2 } as const;

/** All that is made when it is first asked for. */
type Made = Pick<Bench, "direct" | "deadLetters" | "mapping" | "standard" | "otherMapping">;

/** Makes what measurements share, each thing once; what can't be made fails for all that need it, in the same words. */
export function createMaking(deps: BenchDeps): Made {
  const { account, names, ledger, say } = deps;
  const deadLetters = once(() => makeQueue(deps, names.deadLetters));
  const load = once(() => makeQueue(deps, names.load));
  const standard = once(() => makeQueue(deps, names.standard));
  const table = once(() => {
    ledger.add({ kind: "table", name: names.table });
    say(`making table ${names.table}`);
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
  { account, names, ledger, timing, say }: BenchDeps,
  code: FunctionCode,
  queue: MadeQueue,
  statements: readonly Statement[],
): Promise<MadeMapping> {
  const [name, role] = [names[code], names[`${code}Role`]];
  ledger.add({ kind: "role", name: role });
  say(`making role ${role}`);
  const roleArn = await account.functions.createRole(role, statements);
  ledger.add({ kind: "function", name });
  say(`making function ${name}`);
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

function makeQueue(
  { account, ledger, names, timing, say }: BenchDeps,
  name: string,
  deadLetters?: { readonly queueArn: string; readonly maxReceiveCount: number },
): Promise<MadeQueue> {
  ledger.add({ kind: "queue", name });
  say(`making queue ${name}`);
  const { visibilitySeconds } = timing;
  const isFifo = name !== names.standard;
  return account.queues.create({ name, isFifo, visibilitySeconds, ...(deadLetters && { deadLetters }) });
}

function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => {
    made ??= make();
    return made;
  };
}
