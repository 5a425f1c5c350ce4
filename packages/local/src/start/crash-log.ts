import * as z from "zod";

/** A way in which a function crashed. */
export interface Crash {
  readonly functionName: string;
  /** The message, and the place that threw it if it is known. */
  readonly text: string;
  readonly count: number;
}

/** The crashes of a run's functions, equal ones together. */
export interface CrashLog {
  /** Takes a crash by the payload that Lambda answered with. */
  note(functionName: string, payload: string): void;
  crashes(): readonly Crash[];
  /** Tells the first of each kind from now on, and those that there are. */
  onFirst(tell: (crash: Crash) => void): void;
}

/** A crash that names what it was working on is another one each time: so many tell enough. */
const KINDS_MAX = 10;
const TEXT_LENGTH_MAX = 400;

const payloadSchema = z.object({
  errorType: z.string(),
  errorMessage: z.string(),
  trace: z.array(z.string()).default([]),
});

/** Makes a log without crashes. */
export function createCrashLog(): CrashLog {
  const crashes = new Map<string, Crash>();
  let tell: (crash: Crash) => void = () => {};
  return {
    note(functionName, payload) {
      const text = crashText(payload);
      const key = JSON.stringify([functionName, text]);
      const known = crashes.get(key);
      if (known === undefined && crashes.size >= KINDS_MAX) return;
      const crash = { functionName, text, count: (known?.count ?? 0) + 1 };
      crashes.set(key, crash);
      if (known === undefined) tell(crash);
    },
    crashes: () => [...crashes.values()],
    onFirst(listener) {
      tell = listener;
      crashes.forEach(tell);
    },
  };
}

function crashText(payload: string): string {
  const { errorType, errorMessage, trace } = payloadSchema.parse(JSON.parse(payload));
  const frameAt = trace.findIndex((line) => /^\s+at /.test(line));
  const message = frameAt === -1 ? [`${errorType}: ${errorMessage}`] : trace.slice(0, frameAt);
  const frame = trace[frameAt]?.trim();
  const text = message.map((line) => line.trim()).join(" ");
  const shown = text.length > TEXT_LENGTH_MAX ? `${text.slice(0, TEXT_LENGTH_MAX)}…` : text;
  return frame === undefined ? shown : `${shown} (${frame})`;
}
