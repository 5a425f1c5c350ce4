export { LEASE_BYTES, leasesAt, makeLeases, parseLease } from "./lease.ts";
export { ORDINARY_SHARD_BYTES } from "./shares.ts";
export { firstSplit, NO_SPLIT } from "./split.ts";
export { parseWish } from "./wish.ts";
