declare module "dynalite" {
  import type { Server } from "node:http";

  /** `createTableMs`: how long a new table is not yet usable. */
  export default function dynalite(options?: { createTableMs?: number }): Server;
}
