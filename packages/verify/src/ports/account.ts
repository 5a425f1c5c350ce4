import type { Functions } from "./functions.ts";
import type { Journal } from "./journal.ts";
import type { MappingCalls } from "./mapping-calls.ts";
import type { Queues } from "./queues.ts";
import type { Remover } from "./resource.ts";

/** The account in which is measured. */
export interface Account {
  /** The account and the region that the credentials lead to. @throws CallFailed */
  place(): Promise<{ readonly accountId: string; readonly region: string }>;
  readonly queues: Queues;
  readonly functions: Functions;
  readonly mappings: MappingCalls;
  readonly journal: Journal;
  readonly remover: Remover;
}
