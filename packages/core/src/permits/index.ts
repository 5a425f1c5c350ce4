export { leasesAt, makeLeases, parseLease } from "./lease.ts";
export { LEASE_BYTES, SHARD_BYTES } from "./shares.ts";
