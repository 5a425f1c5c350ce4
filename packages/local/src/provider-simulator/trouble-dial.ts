import { explain, number } from "@sluice/core/parsing";
import * as z from "zod";

/** Trouble that a worker makes on purpose, as shares of its calls in percent. */
export interface WorkerTrouble {
  readonly slowPercentage: number;
  readonly errorPercentage: number;
  /** Calls that are told to come later, as by a 429 with Retry-After; none if left out. */
  readonly throttledPercentage?: number;
  /** Calls that are never answered; none if left out. */
  readonly hangingPercentage?: number;
}

/** The outcome of parsing a wish for other trouble. */
export type ParsedTrouble =
  | { readonly kind: "trouble"; readonly trouble: WorkerTrouble }
  | { readonly kind: "refused"; readonly problem: string };

const wishSchema: z.ZodType<Partial<WorkerTrouble>> = z.strictObject(
  {
    slowPercentage: z.exactOptional(number(0, 100)),
    errorPercentage: z.exactOptional(number(0, 100)),
    throttledPercentage: z.exactOptional(number(0, 100)),
    hangingPercentage: z.exactOptional(number(0, 100)),
  },
  "must be an object with slowPercentage and errorPercentage",
);

/** Parses a wish given as JSON text; what it leaves out stays as it is. A refusal names the legal range. */
export function parseTrouble(json: string, current: WorkerTrouble): ParsedTrouble {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch {
    return { kind: "refused", problem: `The body must be JSON, such as ${JSON.stringify(current)}` };
  }
  const desired = wishSchema.safeParse(value, { reportInput: true });
  if (desired.success) return { kind: "trouble", trouble: { ...current, ...desired.data } };
  return { kind: "refused", problem: desired.error.issues.map(explain).join("; ") };
}

/** The trouble that is wanted now: keys and HTTP requests turn it, the trouble maker listens. */
export interface TroubleDial {
  current(): WorkerTrouble;
  turn(trouble: WorkerTrouble): void;
  /** Calls `listener` after each change. */
  onTurn(listener: () => void): void;
}

/** Makes a dial that stands at `initial`. */
export function createTroubleDial(initial: WorkerTrouble): TroubleDial {
  const listeners: (() => void)[] = [];
  let current = initial;
  return {
    current: () => current,
    turn(trouble) {
      if (isSame(trouble, current)) return;
      const { slowPercentage, errorPercentage, throttledPercentage = 0, hangingPercentage = 0 } = trouble;
      current = {
        slowPercentage,
        errorPercentage,
        ...(throttledPercentage > 0 && { throttledPercentage }),
        ...(hangingPercentage > 0 && { hangingPercentage }),
      };
      for (const listener of listeners) listener();
    },
    onTurn: (listener) => void listeners.push(listener),
  };
}

function isSame(one: WorkerTrouble, other: WorkerTrouble): boolean {
  const shares = ({
    slowPercentage,
    errorPercentage,
    throttledPercentage,
    hangingPercentage,
  }: WorkerTrouble) => [slowPercentage, errorPercentage, throttledPercentage ?? 0, hangingPercentage ?? 0];
  const others = shares(other);
  return shares(one).every((share, index) => share === others[index]);
}
