import type { PermitBounds } from "../permits/gate.ts";
import { createPermitPool, type PermitPool } from "../permits/permit-pool.ts";
import type { Random } from "../ports/random.ts";
import { permitBoundsOf } from "../valve/permit-bounds.ts";
import { createReconciler, type Reconciler, type ReconcilerDeps } from "../valve/reconciler.ts";
import { type Breaker, createBreaker } from "./breaker.ts";
import type { BreakerDeps } from "./breaker-deps.ts";
import { createShardMover, type ShardMover } from "./shard-mover.ts";

/** Contract, law and ports that permits, breaker and reconciler are assembled from. */
export interface BreakerPorts
  extends Omit<BreakerDeps, "bounds" | "reconciler">,
    Pick<ReconcilerDeps, "valves" | "shape"> {
  readonly random: Random;
}

/** Parts that differ from production's. */
export interface BreakerVariant {
  /** By default {@link permitBoundsOf}. */
  readonly bounds?: PermitBounds;
  /** By default {@link createReconciler}'s. */
  readonly reconciler?: Reconciler;
  /** By default {@link createBreaker}. */
  readonly createBreaker?: (deps: BreakerDeps) => Breaker;
}

/** The parts that act on a provider, working on the same shards and mappings. */
export interface BreakerAssembly {
  readonly bounds: PermitBounds;
  readonly permits: PermitPool;
  readonly reconciler: Reconciler;
  readonly breaker: Breaker;
  readonly shardMover: ShardMover;
}

/** Assembles permits, breaker and reconciler, as each execution environment has its own on shared stores. */
export function assembleBreaker(ports: BreakerPorts, variant: BreakerVariant = {}): BreakerAssembly {
  const bounds = variant.bounds ?? permitBoundsOf(ports.provider);
  const reconciler = variant.reconciler ?? createReconciler(ports);
  const breakerOf = variant.createBreaker ?? createBreaker;
  const deps = { ...ports, bounds, reconciler };
  return {
    bounds,
    permits: createPermitPool(ports.items, bounds, ports.random),
    reconciler,
    breaker: breakerOf(deps),
    shardMover: createShardMover(deps),
  };
}
