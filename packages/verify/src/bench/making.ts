import type { MadeQueue } from "../ports/queues.ts";
import type { Bench } from "./bench.ts";
import type { BenchDeps } from "./bench-deps.ts";

/** Receives after which a message of the queue without a mapping becomes a dead letter. */
export const MAX_RECEIVES = 3;

/** Makes what measurements share, each thing once; what can't be made fails for all that need it, in the same words. */
export function createMaking(deps: BenchDeps): Pick<Bench, "direct"> {
  const deadLetters = once(() => makeQueue(deps, deps.names.deadLetters));
  return {
    direct: once(async () => {
      const { arn } = await deadLetters();
      return makeQueue(deps, deps.names.direct, { queueArn: arn, maxReceiveCount: MAX_RECEIVES });
    }),
  };
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
