/** A message as the recorder was handed it. */
export interface RecordedMessage {
  readonly messageId: string;
  readonly groupId: string;
  /** The place in the order in which messages were sent. */
  readonly number: number;
  readonly receiveCount: number;
}

/** One invocation of the recorder. */
export interface RecordedInvocation {
  readonly id: string;
  /** By the clock of the function's environment. */
  readonly startedAtMs: number;
  /** The time that it takes from there. */
  readonly holdMs: number;
  readonly messages: readonly RecordedMessage[];
}

/** The table into which the recorder writes its invocations. Every call throws CallFailed. */
export interface Journal {
  /** @returns its ARN */
  create(tableName: string): Promise<string>;
  /** Those that started at this instant or later, by the recorder's clock, in order. */
  since(tableName: string, startedAtMs: number): Promise<readonly RecordedInvocation[]>;
}
