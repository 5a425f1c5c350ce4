import { createRequire } from "node:module";
import { type ModelledCommand, requestProblems } from "./request-problems.ts";

/** A request that AWS would refuse for its form. */
export class RequestBeyondModel extends Error {
  constructor(problems: readonly string[]) {
    super(problems.join("\n"));
    this.name = new.target.name;
  }
}

let uncheckedCount = 0;
const found: string[] = [];

/** Lets requests through, while the call lasts, that AWS is to refuse. */
export async function beyondModel<T>(call: () => Promise<T>): Promise<T> {
  uncheckedCount += 1;
  try {
    return await call();
  } finally {
    uncheckedCount -= 1;
  }
}

/** The problems that were found since the last call. */
export function problemsFound(): string[] {
  return found.splice(0);
}

interface ClientClass {
  readonly prototype: { send(command: ModelledCommand, ...rest: unknown[]): unknown };
}

/** Has every client of the AWS SDK in this process check its requests before it sends them. */
export function checkRequests(): void {
  const requireAsSdk = createRequire(createRequire(import.meta.url).resolve("@aws-sdk/client-sqs"));
  const { Client } = requireAsSdk("@smithy/core/client") as { Client: ClientClass };
  const { send } = Client.prototype;
  Client.prototype.send = function checked(this: unknown, command, ...rest) {
    const problems = uncheckedCount > 0 ? [] : requestProblems(command);
    found.push(...problems);
    if (problems.length > 0) return Promise.reject(new RequestBeyondModel(problems));
    return send.call(this, command, ...rest);
  };
}
