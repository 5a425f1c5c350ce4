import type { MadeQueue } from "../ports/queues.ts";
import type { Bench } from "./bench.ts";
import type { BenchDeps } from "./bench-deps.ts";

/** Receives after which a message of the queue without a mapping becomes a dead letter. */
export const MAX_RECEIVES = 3;

/** The settings of a mapping that is made, the least that there are: disabled. */
export const AT_FIRST = { isEnabled: false, batchSize: 1, maximumConcurrency: 2 } as const;

/** Makes what measurements share, each thing once; what can't be made fails for all that need it, in the same words. */
export function createMaking(deps: BenchDeps): Pick<Bench, "direct" | "deadLetters" | "mapping"> {
  const { account, names, ledger, timing, say } = deps;
  const deadLetters = once(() => makeQueue(deps, names.deadLetters));
  const load = once(() => makeQueue(deps, names.load));
  const table = once(() => {
    ledger.add({ kind: "table", name: names.table });
    say(`making table ${names.table}`);
    return account.journal.create(names.table);
  });
  const recorder = once(async () => {
    const roleArn = await makeRecorderRole(deps, await load(), await table());
    ledger.add({ kind: "function", name: names.recorder });
    say(`making function ${names.recorder}`);
    return account.functions.create({
      name: names.recorder,
      roleArn,
      code: "recorder",
      timeoutSeconds: timing.visibilitySeconds,
      variables: { TABLE: names.table },
    });
  });
  return {
    deadLetters,
    direct: once(async () => {
      const { arn } = await deadLetters();
      return makeQueue(deps, names.direct, { queueArn: arn, maxReceiveCount: MAX_RECEIVES });
    }),
    mapping: once(async () => {
      const [queue, functionArn] = [await load(), await recorder()];
      say(`making the mapping of ${names.recorder}`);
      const ends = { functionName: names.recorder, queueArn: queue.arn };
      return { uuid: await account.mappings.create({ ...ends, ...AT_FIRST }), queue, functionArn };
    }),
  };
}

function makeRecorderRole(
  { account, names, ledger, say }: BenchDeps,
  queue: MadeQueue,
  tableArn: string,
): Promise<string> {
  ledger.add({ kind: "role", name: names.recorderRole });
  say(`making role ${names.recorderRole}`);
  // No right to write logs: a log group would be one more thing to remove.
  return account.functions.createRole(names.recorderRole, [
    { actions: POLLING, resource: queue.arn },
    { actions: ["dynamodb:PutItem"], resource: tableArn },
  ]);
}

/** The actions that Lambda needs to poll a queue for a function, in its role. */
const POLLING = ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"];

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
