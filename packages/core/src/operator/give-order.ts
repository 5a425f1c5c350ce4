import { copyOrderedHold, readOrders } from "../breaker/heed-orders.ts";
import { messageOf, Unreachable } from "../errors.ts";
import { ORDER_KINDS, ordersLeft, type TimedOrders } from "../orders/orders-in-force.ts";
import { readAllShards } from "../permits/split.ts";
import type { OrderChange, OrderKind, Orders } from "../ports/orders.ts";
import { persist } from "../timing/persist.ts";
import type { OrderAnswer, Ordered, Refused } from "./answer.ts";
import type { SteeringDeps } from "./steering-deps.ts";

/** A change of the orders before it is committed. */
export interface OrderDraft {
  readonly kind: "draft";
  /** Orders that take the place of those of their kind. */
  readonly given?: TimedOrders;
  /** Kinds whose orders end. */
  readonly ends?: readonly OrderKind[];
  /** One sentence for people, without what it replaces. */
  readonly summary: string;
}

/** The part of an operator's wish that every kind has. */
export interface OrderRequest {
  /** The author: a name, as the caller's credentials have it. */
  readonly by: string;
  /** Nothing is stored: the answer says what would be ordered, and what would end by that, or why it is refused. */
  readonly isDryRun?: boolean;
}

/** Time for which an unreachable table is tried again. */
const TRY_FOR_MS = 10_000;
/** Tries of one commit: other operators may be quicker. */
const COMMIT_TRIES = 5;
/** Time until a look that makes up for a decision that another process spread meanwhile, without knowing of the order. */
const SECOND_LOOK_MS = 1_000;

/**
 * Commits a change of the orders, tells it to the permits, and answers with what it has replaced. Of two that come at
 * once the later one stays, and its answer and its event have the other.
 * @param draftOf the change, given the orders whose time is not over
 * @throws Unreachable if the orders can't be stored now, or perhaps are although no answer came: giving them again is
 * harmless; StoredRowInvalid
 */
export async function giveOrder(
  request: OrderRequest,
  draftOf: (left: TimedOrders, id: string, nowMs: number) => OrderDraft | Refused,
  deps: SteeringDeps,
): Promise<OrderAnswer> {
  const { clock, ids } = deps;
  const id = ids.next();
  const committed = await persist(clock, clock.nowMs() + TRY_FOR_MS, () =>
    commitChange(id, request, draftOf, deps),
  );
  if (committed.kind === "refused") return committed;
  if (request.isDryRun) return { ...committed, isCarriedOut: false };
  return { ...committed, isCarriedOut: await carryOut(committed.change, deps) };
}

async function commitChange(
  id: string,
  { by, isDryRun = false }: OrderRequest,
  draftOf: (left: TimedOrders, id: string, nowMs: number) => OrderDraft | Refused,
  deps: SteeringDeps,
): Promise<Omit<Ordered, "isCarriedOut"> | Refused> {
  for (let tries = 0; tries < COMMIT_TRIES; tries += 1) {
    const [known, shards] = await Promise.all([readOrders(deps), readAllShards(deps.items, deps.bounds)]);
    const nowMs = deps.clock.nowMs();
    const left = ordersLeft(known.orders, nowMs);
    // A commit whose answer was lost.
    if (known.orders.change?.id === id) return { kind: "ordered", change: known.orders.change, orders: left };
    const draft = draftOf(left, id, nowMs);
    if (draft.kind === "refused") return draft;
    const { change, ...orders } = changed(left, draft, { id, atMs: nowMs, by });
    if (isDryRun) return { kind: "ordered", change, orders };
    // Copies outlive a row that was deleted.
    const versions = [known.version, ...shards.map(({ orderedHold }) => orderedHold?.version ?? 0)];
    const version = 1 + Math.max(...versions);
    const result = await deps.orders.commit({ ...orders, change }, version, known.version);
    if (result === "committed") return { kind: "ordered", change, orders };
  }
  throw new Unreachable("the orders", "other operators give orders at the same time");
}

/** The orders after a change. */
function changed(
  left: TimedOrders,
  { given = {}, ends = [], summary }: OrderDraft,
  author: Pick<OrderChange, "id" | "atMs" | "by">,
): TimedOrders & Required<Pick<Orders, "change">> {
  const isEnded = (kind: OrderKind) => ends.includes(kind) || given[kind] !== undefined;
  const pick = (isWanted: (kind: OrderKind) => boolean): TimedOrders =>
    Object.fromEntries(
      ORDER_KINDS.flatMap((kind) => (isWanted(kind) && left[kind] ? [[kind, left[kind]]] : [])),
    );
  const ended = pick(isEnded);
  const replaced = Object.values(ended).map((order) => `${order.by} (${order.reason})`);
  const change: OrderChange = {
    ...author,
    summary: replaced.length === 0 ? summary : `${summary}; ends the order of ${replaced.join(" and of ")}`,
    ...(Object.keys(given).length > 0 && { given }),
    ended,
  };
  return { ...pick((kind) => !isEnded(kind)), ...given, change };
}

/** Tells the permits. Never throws: what can't be told now is told by whoever looks next. */
async function carryOut({ given = {}, ended }: OrderChange, deps: SteeringDeps): Promise<boolean> {
  const { breaker, clock, items, bounds, log } = deps;
  const isAboutLimit = [given, ended].some(({ pin, force }) => pin !== undefined || force !== undefined);
  try {
    await persist(clock, clock.nowMs() + TRY_FOR_MS, async () => {
      const known = await readOrders(deps);
      await copyOrderedHold(deps, known, await readAllShards(items, bounds));
      if (!isAboutLimit) return;
      await breaker.look();
      await clock.sleep(SECOND_LOOK_MS);
      await breaker.look();
    });
    return true;
  } catch (thrown) {
    log.warn("an order could not be carried out yet, the next look does it", { cause: messageOf(thrown) });
    return false;
  }
}
