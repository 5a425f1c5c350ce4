/** A statement of a role's policy. */
export interface Statement {
  readonly actions: readonly string[];
  readonly resource: string;
  readonly condition?: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

/**
 * The code of a function: the recorder notes each batch that it is handed, and tells the time to who asks; the updater tries to
 * update a mapping.
 */
export type FunctionCode = "recorder" | "updater";

/** A function that is to be made. */
export interface FunctionSpec {
  readonly name: string;
  readonly roleArn: string;
  readonly code: FunctionCode;
  readonly timeoutSeconds: number;
  readonly variables: Readonly<Record<string, string>>;
}

/** Functions and their roles. Every call throws CallFailed. */
export interface Functions {
  /** Makes a role that Lambda may assume. @returns its ARN */
  createRole(name: string, statements: readonly Statement[]): Promise<string>;
  /** Makes a function from a zip, and waits until it can be called. @returns its ARN */
  create(spec: FunctionSpec): Promise<string>;
  /** Calls a function and parses its answer. */
  invoke(name: string, event: unknown): Promise<unknown>;
  /** The invocations that the account may still run at once, for functions without a reservation. */
  unreservedConcurrency(): Promise<number>;
}
