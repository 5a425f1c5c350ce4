import type { BreakerEvent } from "@sluice/core/ports";
import { Option } from "commander";
import { styleFor } from "../output/style.ts";
import type { Surroundings } from "../surroundings.ts";
import { momentText } from "../text/instant.ts";
import { printable } from "../text/printable.ts";
import { spanOf } from "./order-times.ts";
import { type PlaceOptions, withPlace } from "./place-options.ts";
import { type AddVerb, EXIT, examplesText } from "./verb.ts";

/** Options of `decisions`. */
interface DecisionsOptions extends PlaceOptions {
  readonly since: string;
  readonly kind?: readonly BreakerEvent["kind"][];
  readonly follow?: boolean;
}

const KINDS: readonly BreakerEvent["kind"][] = ["decision", "advice", "valve", "hold", "order", "quota"];
const FOLLOW_EVERY_MS = 2_000;
/** An event may be seen so much later than its instant says: its writer's clock, and its write. */
const LATE_MAX_MS = 30_000;

/** Adds `decisions`: the trail of events. */
export const addDecisions: AddVerb = (program, run) => {
  withPlace(program.command("decisions"))
    .description("tell what breaker, valve and operators did, with the numbers that each decision rested on")
    .option("--since <time>", "how far back, at most 90d", "2h")
    .addOption(new Option("--kind <kinds...>", "only these").choices(KINDS))
    .option("--follow", "go on with each new one, until Ctrl-C")
    .addHelpText(
      "after",
      `${examplesText("decisions", "decisions --provider acme --since 1d --kind decision order", "decisions --follow --json")}

With --json one object a line.`,
    )
    .action(run(decisions));
};

async function decisions(around: Surroundings, options: DecisionsOptions): Promise<number> {
  const { interrupt, clock, stdout } = around;
  const sinceMs = clock.nowMs() - spanOf("--since", options.since);
  const { steering } = await around.connect(options);
  const isWanted = ({ kind }: BreakerEvent) => options.kind === undefined || options.kind.includes(kind);
  const told = new Map<string, number>();

  async function tellFrom(fromMs: number): Promise<void> {
    for await (const event of steering.events.list(fromMs)) {
      if (interrupt.aborted) return;
      if (told.has(event.id) || !isWanted(event)) continue;
      told.set(event.id, event.atMs);
      stdout.write(options.json ? `${JSON.stringify(event)}\n` : eventText(event, around));
    }
  }

  await tellFrom(sinceMs);
  while (options.follow && !interrupt.aborted) {
    await clock.sleep(FOLLOW_EVERY_MS, interrupt);
    const fromMs = Math.max(sinceMs, clock.nowMs() - LATE_MAX_MS);
    for (const [id, atMs] of told) if (atMs < fromMs) told.delete(id);
    await tellFrom(fromMs);
  }
  if (interrupt.aborted) return EXIT.interrupted;
  if (told.size === 0 && !options.json && stdout.isTerminal) {
    stdout.write(`Nothing was decided in the last ${options.since}: --since looks further back.\n`);
  }
  return EXIT.fine;
}

function eventText({ atMs, kind, summary }: BreakerEvent, around: Surroundings): string {
  const { isTerminal, paint, nowMs, timeZone } = styleFor(around.stdout, around);
  const text = printable(summary);
  if (!isTerminal) return `${new Date(atMs).toISOString()}\t${kind}\t${text}\n`;
  return `${paint("dim", momentText(atMs, nowMs, timeZone))}  ${kind.padEnd(8)}  ${text}\n`;
}
