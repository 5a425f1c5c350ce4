/** One record's successful answers on one provider day. */
export interface ServedRecord {
  readonly day: string;
  readonly recordId: string;
  readonly count: number;
}

/** The records that a provider has answered successfully, by provider day. */
export interface ServedRecords {
  add(day: string, recordId: string): void;
  /** Counts a record's successful answers, on one day or on all. */
  count(recordId: string, day?: string): number;
  /** Every record and day, days in the order of their first answer. */
  all(): Iterable<ServedRecord>;
  /** Records with more than one answer on a day; cheap enough to be asked for often. */
  repeated(): readonly ServedRecord[];
  /** Distinct records of each day, by day. */
  distinctCounts(): Readonly<Record<string, number>>;
}

/** Starts empty. One map entry per record and day: half a million records are some ten megabytes. */
export function createServedRecords(): ServedRecords {
  const days = new Map<string, Map<string, number>>();
  const repeated = new Map<string, ServedRecord>();

  function add(day: string, recordId: string): void {
    let counts = days.get(day);
    if (counts === undefined) {
      counts = new Map();
      days.set(day, counts);
    }
    const served = (counts.get(recordId) ?? 0) + 1;
    counts.set(recordId, served);
    if (served > 1) repeated.set(`${day} ${recordId}`, { day, recordId, count: served });
  }

  function count(recordId: string, day?: string): number {
    if (day !== undefined) return days.get(day)?.get(recordId) ?? 0;
    return [...days.values()].reduce((total, counts) => total + (counts.get(recordId) ?? 0), 0);
  }

  function* all(): Iterable<ServedRecord> {
    for (const [day, counts] of days) {
      for (const [recordId, served] of counts) yield { day, recordId, count: served };
    }
  }

  const distinctCounts = () => Object.fromEntries([...days].map(([day, counts]) => [day, counts.size]));

  return { add, count, all, repeated: () => [...repeated.values()], distinctCounts };
}
