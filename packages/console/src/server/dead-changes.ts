import { randomUUID } from "node:crypto";
import { asOperatorError, isDenied, rootOf } from "@sluice/aws/operator-errors";
import { messageOf } from "@sluice/core/errors";
import type { StreamingApi } from "hono/utils/stream";
import * as z from "zod";
import { changeDead, type DeadLettersNews } from "./dead-letters.ts";
import type { Desk } from "./desk.ts";

/** Changes of dead letters that are under way, each of which can be stopped. */
export interface DeadChanges {
  /** Makes a change, with a line for each step; it stops too if whoever hears of it goes away. Never throws. */
  carryOut(body: unknown, desk: Desk, lines: StreamingApi): Promise<void>;
  /** Stops a change after the letters that it is moving; its lines tell what came of it. False if there is none. */
  stop(body: unknown): boolean;
}

const stopSchema = z.strictObject({ changeId: z.string() });

/** Makes the list of changes, which is empty. */
export function createDeadChanges(): DeadChanges {
  const underWay = new Map<string, AbortController>();

  async function carryOut(body: unknown, desk: Desk, lines: StreamingApi): Promise<void> {
    const changeId = randomUUID();
    const stopped = new AbortController();
    underWay.set(changeId, stopped);
    lines.onAbort(() => stopped.abort());
    const tell = async (news: DeadLettersNews) => void (await lines.write(`${JSON.stringify(news)}\n`));
    try {
      await tell({ kind: "begun", changeId });
      await tell(await changeDead(body, desk, stopped.signal, (news) => void tell(news)));
    } catch (thrown) {
      const problem = messageOf(asOperatorError(thrown));
      await tell({ kind: isDenied(rootOf(thrown)) ? "denied" : "refused", problem });
    } finally {
      underWay.delete(changeId);
    }
  }

  function stop(body: unknown): boolean {
    const parsed = stopSchema.safeParse(body);
    const change = parsed.success ? underWay.get(parsed.data.changeId) : undefined;
    change?.abort();
    return change !== undefined;
  }

  return { carryOut, stop };
}
