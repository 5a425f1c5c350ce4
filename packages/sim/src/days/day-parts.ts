import type { Provider } from "@sluice/core/provider";
import type { VirtualTable } from "../cloud/dynamodb/virtual-table.ts";
import type { VirtualClock } from "../virtual-time/virtual-clock.ts";
import type { DayEvent } from "./day-event.ts";
import type { DayMappings } from "./day-mappings.ts";
import type { DayQueues } from "./day-queues.ts";
import type { DaySite } from "./day-site.ts";
import type { FaultsInForce } from "./faults-in-force.ts";
import type { Story } from "./story.ts";
import type { TableWatch } from "./watch-table.ts";

/** The common ground of all that lives on a simulated day. */
export interface DayParts {
  readonly story: Story;
  readonly clock: VirtualClock;
  readonly startMs: number;
  readonly faults: FaultsInForce;
  readonly site: DaySite;
  readonly table: VirtualTable;
  readonly watchTable: TableWatch;
  readonly queues: DayQueues;
  readonly mappings: DayMappings;
  emit(event: DayEvent): void;
  /** The provider as deployed now. */
  provider(): Provider;
}
