export { leasesAt, makeLeases, parseLease } from "./lease.ts";
