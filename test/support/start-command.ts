import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";

const MAIN = fileURLToPath(new URL("../../packages/local/src/start/main.ts", import.meta.url));

/** What a command left behind. */
export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A running `npm start`, without npm. */
export interface StartedCommand {
  readonly process: ChildProcess;
  readonly ended: Promise<Ended>;
  /** Resolves when what was printed on stderr so far matches; rejects if the command ends before. */
  printed(pattern: RegExp): Promise<void>;
  stderrSoFar(): string;
}

/** Runs the local run's command line as a user would. */
export function startCommand(args: readonly string[], env: Record<string, string> = {}): StartedCommand {
  const child = spawn(process.execPath, [MAIN, ...args], { env: { ...process.env, ...env } });
  const printed = { stdout: "", stderr: "" };
  child.stdout.setEncoding("utf8").on("data", (text) => {
    printed.stdout += text;
  });
  child.stderr.setEncoding("utf8").on("data", (text) => {
    printed.stderr += text;
  });
  const ended = once(child, "close").then(([code]) => ({ code, ...printed }));
  return {
    process: child,
    ended,
    stderrSoFar: () => printed.stderr,
    printed: (pattern) =>
      new Promise((resolve, reject) => {
        const look = () => pattern.test(printed.stderr) && resolve();
        child.stderr.on("data", look);
        void ended.then(({ stderr }) => reject(new Error(`ended without printing ${pattern}: ${stderr}`)));
        look();
      }),
  };
}

/** Runs it to its end. */
export function runCommand(args: readonly string[], env: Record<string, string> = {}): Promise<Ended> {
  return startCommand(args, env).ended;
}
