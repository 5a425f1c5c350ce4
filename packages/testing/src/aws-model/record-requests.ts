import { AsyncLocalStorage } from "node:async_hooks";
import { createRequire } from "node:module";

/** A request as a client of the AWS SDK was given it. */
export interface SentRequest {
  /** As the SDK calls it, such as `DynamoDB`. */
  readonly service: string;
  /** Such as `GetItem`. */
  readonly operation: string;
  readonly input: Readonly<Record<string, unknown>>;
}

interface ClientClass {
  readonly prototype: {
    send(
      this: { readonly config: { readonly serviceId: string } },
      command: { readonly input: Readonly<Record<string, unknown>> },
      ...rest: unknown[]
    ): unknown;
  };
}

const recording = new AsyncLocalStorage<SentRequest[]>();
let isWatching = false;

/**
 * Does some work, and notes, as it goes, each request that clients of the AWS SDK send in it: not those of servers and timers in the
 * same process that were started before.
 */
export async function recordRequests<T>(
  work: (requests: readonly SentRequest[]) => Promise<T>,
): Promise<{ readonly result: T; readonly requests: readonly SentRequest[] }> {
  watch();
  const requests: SentRequest[] = [];
  const result = await recording.run(requests, () => work(requests));
  return { result, requests };
}

function watch(): void {
  if (isWatching) return;
  isWatching = true;
  const requireAsSdk = createRequire(createRequire(import.meta.url).resolve("@aws-sdk/client-sqs"));
  const { Client } = requireAsSdk("@smithy/core/client") as { Client: ClientClass };
  const { send } = Client.prototype;
  Client.prototype.send = function recorded(command, ...rest) {
    const operation = command.constructor.name.replace(/Command$/, "");
    recording.getStore()?.push({ service: this.config.serviceId, operation, input: command.input });
    return send.call(this, command, ...rest);
  };
}
