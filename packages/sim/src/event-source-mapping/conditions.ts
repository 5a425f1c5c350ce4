/** Conditions on something that changes, for callers that wait until one holds. */
export interface Conditions {
  /** Resolves as soon as `holds` is true, at once if it is already. */
  until(holds: () => boolean): Promise<void>;
  /** To be called after each change. */
  check(): void;
}

/** Starts without a waiting caller. */
export function createConditions(): Conditions {
  const waiting = new Set<{ readonly holds: () => boolean; readonly resolve: () => void }>();
  function check(): void {
    for (const waiter of waiting) {
      if (!waiter.holds()) continue;
      waiting.delete(waiter);
      waiter.resolve();
    }
  }
  return {
    until: (holds) =>
      new Promise((resolve) => {
        waiting.add({ holds, resolve });
        check();
      }),
    check,
  };
}
