/** A function as it is deployed. */
export interface FunctionSettings {
  readonly name: string;
  /** Absolute path of an ESM bundle (`.mjs`) that exports `handler`. */
  readonly bundlePath: string;
  /** How long one call may take, from the start of the handler. */
  readonly timeoutMs: number;
  /** Limits the heap of each execution environment. */
  readonly memoryMb: number;
  /** All that the function sees of the environment, besides what Lambda itself sets. */
  readonly environment: Readonly<Record<string, string>>;
  /** Calls at once; further ones are throttled. Without it there is no limit: none of the account's is modelled. */
  readonly reservedConcurrency?: number;
}
