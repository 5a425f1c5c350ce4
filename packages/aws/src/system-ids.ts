import { randomUUID } from "node:crypto";
import type { Ids } from "@sluice/core/ports";

/** Random UUIDs. */
export const systemIds: Ids = { next: () => randomUUID() };
