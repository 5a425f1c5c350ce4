import { randomUUID } from "node:crypto";
import type { Ids } from "@sluice/core/ports";

/** {@link Ids} that are random UUIDs. */
export const systemIds: Ids = { next: () => randomUUID() };
