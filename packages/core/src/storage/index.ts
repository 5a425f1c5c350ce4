export { BREAKER_MODEL } from "./breaker-entity.ts";
export { createBreakerStore } from "./breaker-store.ts";
export { createEntity } from "./entity.ts";
export { EVENT_MODEL } from "./event-entity.ts";
export { createEventStore } from "./event-store.ts";
export { cutOffCount } from "./fetch.ts";
export { FETCH_MODEL } from "./fetch-entity.ts";
export { createFetchStore } from "./fetch-store.ts";
export { ORDERS_MODEL } from "./orders-entity.ts";
export { createOrdersStore } from "./orders-store.ts";
export { createPermitItems } from "./permit-items.ts";
export { QUOTA_MODEL } from "./quota-entity.ts";
export { createQuotaStore } from "./quota-store.ts";
export {
  LOST_RECORD_MODEL,
  RUN_MODEL,
  RUN_PART_MODEL,
  WATCHED_RUNS_MODEL,
} from "./run-entity.ts";
export { runPartitionsOf } from "./run-partitions.ts";
export { createRunStore } from "./run-store.ts";
export type { Table } from "./table.ts";
