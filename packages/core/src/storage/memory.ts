export { createMemoryBreakerStore } from "./memory-breaker-store.ts";
export { createMemoryEventStore } from "./memory-event-store.ts";
export { createMemoryFetchStore } from "./memory-fetch-store.ts";
export { createMemoryHistoryStore } from "./memory-history-store.ts";
export { createMemoryOrdersStore } from "./memory-orders-store.ts";
export { createMemoryPermitItems } from "./memory-permit-items.ts";
export { createMemoryQuotaStore } from "./memory-quota-store.ts";
export { createMemoryRunStore } from "./memory-run-store.ts";
