import { SluiceError } from "@sluice/core/errors";
import type { Command } from "commander";
import type { Surroundings } from "../surroundings.ts";
import { parseInstant } from "../text/instant.ts";
import { parseSpan } from "../text/span.ts";

/** The time of an order on a command line. */
export interface OrderTimeOptions {
  readonly for?: string;
  readonly until?: string;
}

/** The time of an order, as its use-case takes it. */
export interface OrderTime {
  readonly forMs?: number | "ever";
  readonly untilMs?: number;
}

/** Gives a verb the options of an order's time. */
export function withTime(command: Command, usual: string): Command {
  return command
    .option("--for <time>", `how long, such as 30m, 2h or 1d12h; ${usual}`)
    .option(
      "--until <time>",
      "the end instead: 18:00 or 2026-11-21 18:00 on your clock, or 2026-11-21T18:00Z",
    );
}

/** Reads the time of an order. @throws SluiceError `input-invalid` */
export function orderTimeOf(options: OrderTimeOptions, around: Surroundings): OrderTime {
  const { for: span, until } = options;
  return {
    ...(span !== undefined && { forMs: span === "ever" ? "ever" : spanOf("--for", span) }),
    ...(until !== undefined && { untilMs: instantOf("--until", until, around) }),
  };
}

/** A length of time on a command line. @throws SluiceError `input-invalid` */
export function spanOf(option: string, text: string): number {
  const durationMs = parseSpan(text);
  if (durationMs !== undefined) return durationMs;
  throw new SluiceError(
    "input-invalid",
    `${option} is a time such as 90s, 30m, 2h or 1d12h, received ${text}`,
  );
}

/** An instant on a command line. @throws SluiceError `input-invalid` */
export function instantOf(option: string, text: string, { clock, timeZone }: Surroundings): number {
  const atMs = parseInstant(text, clock.nowMs(), timeZone);
  if (atMs !== undefined) return atMs;
  throw new SluiceError(
    "input-invalid",
    `${option} is 18:00 or 2026-11-21 18:00 on your clock, or 2026-11-21T18:00Z, received ${text}`,
  );
}
