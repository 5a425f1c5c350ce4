/** A function as it is deployed to the embedded Lambda. */
export interface FunctionSettings {
  readonly name: string;
  /** Absolute path of an ESM bundle (`.mjs`) that exports `handler`. */
  readonly bundlePath: string;
  /** Time for one call, from the start of the handler. */
  readonly timeoutMs: number;
  /** Limits the heap of each execution environment. */
  readonly memoryMb: number;
  /** The function's environment variables, besides those that Lambda itself sets. */
  readonly environment: Readonly<Record<string, string>>;
  /** Calls at once; further ones are throttled. Without it there is no limit: the account's own is not modelled. */
  readonly reservedConcurrency?: number;
}
