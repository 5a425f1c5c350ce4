/** Batches that are being sent side by side. */
export interface BatchesUnderWay {
  /** Starts to send a batch as soon as there is room for it. */
  start(send: () => Promise<void>): Promise<void>;
  /** Resolves when no batch is under way; never rejects. */
  ended(): Promise<void>;
  /** The error of the batch that failed first; undefined if none has failed. */
  failure(): SendingFailure | undefined;
}

/** The error that a batch failed with. */
export interface SendingFailure {
  readonly cause: unknown;
}

/** Makes room for `concurrency` batches at once; one that fails does not stop the others. */
export function createBatchesUnderWay(concurrency: number): BatchesUnderWay {
  const underWay = new Set<Promise<void>>();
  let failure: SendingFailure | undefined;

  async function start(send: () => Promise<void>): Promise<void> {
    while (underWay.size >= concurrency) await Promise.race(underWay);
    const sending: Promise<void> = send()
      .catch((cause: unknown) => {
        failure ??= { cause };
      })
      .finally(() => underWay.delete(sending));
    underWay.add(sending);
  }

  async function ended(): Promise<void> {
    await Promise.all(underWay);
  }

  return { start, ended, failure: () => failure };
}
