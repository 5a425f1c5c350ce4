export { leasesAt, makeLeases, parseLease } from "./lease.ts";
export { createPermitPool } from "./permit-pool.ts";
