export { leasesAt, makeLeases, parseLease } from "./lease.ts";
export { LEASE_BYTES, SHARD_BYTES } from "./shares.ts";
export { firstSplit, NO_SPLIT } from "./split.ts";
export { parseWish } from "./wish.ts";
