import { type Control, controlOf, UNDECIDED } from "../law/control.ts";
import { NO_EVIDENCE, plus, successCount } from "../law/evidence.ts";
import { freeFromMs, holdsOn } from "../permits/holds.ts";
import { NO_SPLIT } from "../permits/split.ts";
import type {
  LaneTake,
  Lease,
  OrderedHold,
  PermitItems,
  PermitShard,
  Report,
  TakeRequest,
  Wish,
} from "../ports/permit-items.ts";
import type { Split } from "../ports/split.ts";
import { type Lane, otherLane } from "../provider/lane.ts";

/** A shard, which never changes once it is handed out; the map is the same leases, to find them quickly. */
interface Item {
  readonly leases: Map<string, Lease>;
  shard: PermitShard;
}

const EMPTY: PermitShard = {
  ...UNDECIDED,
  leases: [],
  wishes: { records: [], express: [] },
  expressStreak: 0,
  split: NO_SPLIT,
  heldUntilMs: 0,
  probeUntilMs: 0,
  lastOkAtMs: 0,
  rejectedSinceOkCount: 0,
  evidence: NO_EVIDENCE,
};

/** {@link PermitItems} in memory, for tests and simulation. */
export function createMemoryPermitItems(): PermitItems {
  const items = new Map<number, Item>();

  function itemOf(index: number): Item {
    const found = items.get(index);
    if (found !== undefined) return found;
    const item = { leases: new Map<string, Lease>(), shard: EMPTY };
    items.set(index, item);
    return item;
  }

  return {
    take: async (request) => take(itemOf(request.shardIndex), request),
    giveBack: async (index, leases, report) => giveBack(itemOf(index), leases, report),
    report: async (index, report) => add(itemOf(index), report),
    prune: async (index, leases) => remove(itemOf(index), leases),
    wish: async (index, lane, wishes, ifAtMostWishes) => wish(itemOf(index), lane, wishes, ifAtMostWishes),
    withdraw: async (index, lane, wishes) => withdraw(itemOf(index), lane, wishes),
    add: async (index, leases) => addLeases(itemOf(index), leases),
    hold: async (index, untilMs) => hold(itemOf(index), untilMs),
    setOrderedHold: async (index, ordered) => setOrderedHold(itemOf(index), ordered),
    endProbe: async (index, probeUntilMs) => endProbe(itemOf(index), probeUntilMs),
    setControl: async (index, control) => setControl(itemOf(index), control),
    setSplit: async (index, split) => setSplit(itemOf(index), split),
    read: async (index) => itemOf(index).shard,
  };
}

function take(
  item: Item,
  request: TakeRequest,
): { readonly kind: "taken" | "refused"; readonly shard: PermitShard } {
  if (!mayTake(item.shard, request)) return { kind: "refused", shard: item.shard };
  addLeases(item, request.leases);
  const { probeUntilMs = item.shard.probeUntilMs } = request;
  item.shard = { ...item.shard, probeUntilMs };
  if (request.inLane !== undefined) noteLane(item, request.inLane);
  return { kind: "taken", shard: item.shard };
}

function noteLane(item: Item, { lane, fulfils, expressStreak = item.shard.expressStreak }: LaneTake): void {
  withdraw(item, lane, fulfils);
  item.shard = { ...item.shard, expressStreak: lane === "records" ? 0 : expressStreak };
}

function wish(item: Item, lane: Lane, wishes: readonly Wish[], ifAtMostWishes: number): void {
  const standing = item.shard.wishes[lane];
  if (standing.length > ifAtMostWishes) return;
  const added = wishes.filter(({ text }) => !standing.some((other) => other.text === text));
  item.shard = { ...item.shard, wishes: { ...item.shard.wishes, [lane]: [...standing, ...added] } };
}

function withdraw(item: Item, lane: Lane, wishes: readonly Wish[]): void {
  const left = item.shard.wishes[lane].filter(({ text }) => !wishes.some((other) => other.text === text));
  item.shard = { ...item.shard, wishes: { ...item.shard.wishes, [lane]: left } };
}

function mayTake(shard: PermitShard, request: TakeRequest): boolean {
  const { ifAtMostOut, ifPhase, ifLimit, ifUnpinnedLimit, ifSplit, nowMs, probeUntilMs, inLane } = request;
  return (
    (inLane === undefined || shard.wishes[otherLane(inLane.lane)].length <= inLane.ifAtMostWishes) &&
    (probeUntilMs === undefined || shard.probeUntilMs < nowMs) &&
    shard.split.kind === "lending" &&
    shard.split.count === ifSplit &&
    shard.leases.length <= ifAtMostOut &&
    shard.phase === ifPhase &&
    (shard.limit === UNDECIDED.limit || shard.limit === ifLimit) &&
    (ifUnpinnedLimit === undefined || shard.unpinnedLimit === ifUnpinnedLimit) &&
    freeFromMs(holdsOn(shard), nowMs) === nowMs &&
    (shard.forcedUntilMs === undefined || shard.forcedUntilMs > nowMs)
  );
}

function giveBack(item: Item, leases: readonly Lease[], report: Report): PermitShard {
  const [first] = leases;
  if (first === undefined || !item.leases.has(first.text)) return item.shard;
  remove(item, leases);
  return add(item, report);
}

function remove(item: Item, leases: readonly Lease[]): void {
  for (const { text } of leases) item.leases.delete(text);
  item.shard = { ...item.shard, leases: [...item.leases.values()] };
}

function addLeases(item: Item, leases: readonly Lease[]): void {
  for (const lease of leases) item.leases.set(lease.text, lease);
  item.shard = { ...item.shard, leases: [...item.leases.values()] };
}

function add(item: Item, report: Report): PermitShard {
  if (report.epoch !== item.shard.epoch) return item.shard;
  const evidence = plus(item.shard.evidence, report.evidence);
  const hasSuccess = successCount(evidence) > successCount(item.shard.evidence);
  const { rejectedCount = 0, ownRejectedCount = 0 } = report.evidence;
  const since = hasSuccess
    ? { lastOkAtMs: report.atMs, rejectedSinceOkCount: 0 }
    : { rejectedSinceOkCount: item.shard.rejectedSinceOkCount + rejectedCount - ownRejectedCount };
  item.shard = { ...item.shard, evidence, ...since };
  return item.shard;
}

function hold(item: Item, untilMs: number): void {
  item.shard = { ...item.shard, heldUntilMs: Math.max(item.shard.heldUntilMs, untilMs) };
}

function setOrderedHold(item: Item, { version, fromMs, untilMs }: OrderedHold): void {
  if (version <= (item.shard.orderedHold?.version ?? 0)) return;
  item.shard = { ...item.shard, orderedHold: { version, fromMs, untilMs } };
}

function endProbe(item: Item, probeUntilMs: number): void {
  if (item.shard.probeUntilMs === probeUntilMs) item.shard = { ...item.shard, probeUntilMs: 0 };
}

function setControl(item: Item, control: Control): void {
  if (control.epoch <= item.shard.epoch) return;
  const { probeAtMs, closedAtMs, wellAtMs, pinnedUntilMs, unpinnedLimit, forcedUntilMs, ...kept } =
    item.shard;
  // A shard has no use for the cause.
  const { reason, ...told } = controlOf(control);
  item.shard = { ...kept, ...told, probeUntilMs: 0, evidence: NO_EVIDENCE };
}

function setSplit(item: Item, split: Split): void {
  if (split.version > item.shard.split.version) item.shard = { ...item.shard, split };
}
