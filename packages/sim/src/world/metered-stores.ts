import { LEASE_BYTES, ORDINARY_SHARD_BYTES } from "@sluice/core/permits";
import type {
  BreakerStore,
  EventStore,
  FetchStore,
  HistoryStore,
  OrdersStore,
  PermitItems,
  PermitShard,
  QuotaStore,
} from "@sluice/core/ports";
import type { WriteBudget } from "./write-budget.ts";

/** Size of a record's row with a short history, in bytes. */
const FETCH_BYTES = 700;
/** Size of an item besides its JSON: keys and ElectroDB's own attributes. */
const ITEM_BYTES = 120;

/** Charges each write of a permit shard by its leases; a refused write costs as much as one that went through. */
export function meterPermitItems(items: PermitItems, budget: WriteBudget): PermitItems {
  const leaseCounts = new Map<number, number>();
  const bytesOf = (shard: number, more = 0) =>
    ORDINARY_SHARD_BYTES + LEASE_BYTES * ((leaseCounts.get(shard) ?? 0) + more);
  const charge = (shard: number, more = 0) => budget.write(`permits ${shard}`, bytesOf(shard, more));

  function note(index: number, shard: PermitShard): PermitShard {
    leaseCounts.set(index, shard.leases.length);
    return shard;
  }

  return {
    async take(request) {
      charge(request.shardIndex, request.leases.length);
      const answer = await items.take(request);
      note(request.shardIndex, answer.shard);
      return answer;
    },
    async giveBack(index, leases, report) {
      charge(index);
      const shard = note(index, await items.giveBack(index, leases, report));
      // The first write insists on the epoch; only its refusal leads to the second.
      if (shard.epoch > report.epoch) charge(index);
      return shard;
    },
    async report(index, report) {
      charge(index);
      return note(index, await items.report(index, report));
    },
    async prune(index, leases) {
      charge(index);
      await items.prune(index, leases);
    },
    async wish(index, lane, wishes, ifAtMostWishes) {
      charge(index);
      await items.wish(index, lane, wishes, ifAtMostWishes);
    },
    async withdraw(index, lane, wishes) {
      charge(index);
      await items.withdraw(index, lane, wishes);
    },
    async add(index, leases) {
      charge(index, leases.length);
      await items.add(index, leases);
    },
    async hold(index, untilMs) {
      charge(index);
      await items.hold(index, untilMs);
    },
    async setOrderedHold(index, hold) {
      charge(index);
      await items.setOrderedHold(index, hold);
    },
    async endProbe(index, probeUntilMs) {
      charge(index);
      await items.endProbe(index, probeUntilMs);
    },
    async setControl(index, decided) {
      charge(index);
      await items.setControl(index, decided);
    },
    async setSplit(index, split) {
      charge(index);
      await items.setSplit(index, split);
    },
    async read(index) {
      budget.read(bytesOf(index));
      return note(index, await items.read(index));
    },
  };
}

/** Charges the writes of each attempt, and its reads. */
export function meterFetchStore(store: FetchStore, budget: WriteBudget): FetchStore {
  return {
    ...store,
    async claim(request) {
      budget.write(`fetch ${request.recordId}`, FETCH_BYTES);
      return store.claim(request);
    },
    async join(key, attemptId, waiting) {
      budget.write(`fetch ${key.recordId}`, FETCH_BYTES);
      return store.join(key, attemptId, waiting);
    },
    async complete(completion) {
      budget.write(`fetch ${completion.recordId}`, FETCH_BYTES);
      return store.complete(completion);
    },
    async withdraw(request) {
      budget.write(`fetch ${request.recordId}`, FETCH_BYTES);
      return store.withdraw(request);
    },
    async bury(key, nowMs) {
      budget.write(`fetch ${key.recordId}`, FETCH_BYTES);
      return store.bury(key, nowMs);
    },
    async get(key) {
      budget.read(FETCH_BYTES);
      return store.get(key);
    },
  };
}

/** Charges the breaker's state and the notes on its valves. */
export function meterBreakerStore(store: BreakerStore, budget: WriteBudget): BreakerStore {
  return {
    async read() {
      const stored = await store.read();
      budget.read(bytesOfJson(stored?.memory));
      return stored;
    },
    async commit(memory, ifVersion) {
      budget.write("breaker", bytesOfJson(memory));
      return store.commit(memory, ifVersion);
    },
    async readValve(lane) {
      const stored = await store.readValve(lane);
      budget.read(bytesOfJson(stored?.notes));
      return stored;
    },
    async commitValve(lane, notes, ifVersion) {
      budget.write(`valve ${lane}`, bytesOfJson(notes));
      return store.commitValve(lane, notes, ifVersion);
    },
  };
}

/** Charges each write of what quotas have left; a refusal is read. */
export function meterQuotaStore(store: QuotaStore, budget: WriteBudget): QuotaStore {
  return {
    async reserve(request) {
      const answer = await store.reserve(request);
      if (answer.kind === "refused") budget.read(ITEM_BYTES);
      else budget.write("quota", ITEM_BYTES);
      return answer;
    },
    async giveBack(day, count) {
      budget.write("quota", ITEM_BYTES);
      await store.giveBack(day, count);
    },
    async markTold(day) {
      budget.write("quota", ITEM_BYTES);
      return store.markTold(day);
    },
    async read() {
      budget.read(ITEM_BYTES);
      return store.read();
    },
  };
}

/** Charges the reads of operators' orders, of which there are none. */
export function meterOrdersStore(store: OrdersStore, budget: WriteBudget): OrdersStore {
  return {
    ...store,
    async read() {
      budget.read(ITEM_BYTES);
      return store.read();
    },
  };
}

/** Charges events. */
export function meterEventStore(store: EventStore, budget: WriteBudget): EventStore {
  return {
    ...store,
    async append(event) {
      budget.write(`event ${event.id}`, bytesOfJson(event));
      return store.append(event);
    },
  };
}

/** Counts the writes of a history: one a minute, of about half a kilobyte. */
export function meterHistoryStore(store: HistoryStore, budget: WriteBudget): HistoryStore {
  return {
    ...store,
    async append(snapshot) {
      budget.write(`snapshot ${snapshot.atMs}`, bytesOfJson(snapshot));
      return store.append(snapshot);
    },
    async putContract(contract) {
      budget.write("contract", bytesOfJson(contract));
      return store.putContract(contract);
    },
  };
}

function bytesOfJson(value: unknown): number {
  return ITEM_BYTES + (JSON.stringify(value)?.length ?? 0);
}
