import { createInterface } from "node:readline/promises";
import { systemClock } from "@sluice/aws/system-clock";
import { systemIds } from "@sluice/aws/system-ids";
import { interruptSignal } from "@sluice/sim/command";
import type { Surroundings } from "./surroundings.ts";

/**
 * This process's own surroundings.
 * @param exitCode after a second Ctrl-C
 */
export function systemSurroundings(exitCode: number): Surroundings {
  const interrupt = interruptSignal(exitCode);
  return {
    variables: process.env,
    clock: systemClock,
    ids: systemIds,
    interrupt,
    out: (text) => void process.stdout.write(text),
    tell: (line) => void process.stderr.write(`${line}\n`),
    ask: (question) => ask(question, interrupt),
    isTerminal: process.stdin.isTTY === true,
  };
}

async function ask(question: string, signal: AbortSignal): Promise<string | undefined> {
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return await lines.question(question, { signal });
  } catch (thrown) {
    if (thrown instanceof Error && thrown.name === "AbortError") return undefined;
    throw thrown;
  } finally {
    lines.close();
  }
}
