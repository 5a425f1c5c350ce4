import { randomUUID } from "node:crypto";
import type { Ids } from "@sluice/core/ports/ids";

/** Random UUIDs. */
export const systemIds: Ids = { next: () => randomUUID() };
