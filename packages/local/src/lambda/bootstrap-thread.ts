import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import { Worker } from "node:worker_threads";
import type { BootSettings, BootstrapMessage, CallRequest } from "./bootstrap-protocol.ts";

/** The settings of a thread that is to be an execution environment. */
export interface ThreadSettings {
  readonly boot: BootSettings;
  readonly variables: Readonly<Record<string, string>>;
  /** Called with each line that the environment prints, and with the reason of its crash. */
  onLine(line: string): void;
}

/** The end of a thread, by itself or not; `reason` in the words of Lambda's Runtime.ExitError. */
export interface ThreadExit {
  readonly kind: "exited";
  readonly reason: string;
  readonly wasTerminated: boolean;
}

/** A worker thread that runs the bootstrap. */
export interface Thread {
  readonly exited: Promise<ThreadExit>;
  /** The next message, or the thread's end. To be called before the message is provoked. */
  next(): Promise<BootstrapMessage | ThreadExit>;
  post(request: CallRequest): void;
  /** Ends the thread; resolves when nothing of it runs any more. */
  terminate(): Promise<void>;
}

/** Starts a thread. A crash of it, even out of memory, leaves this process running. */
export function startThread({ boot, variables, onLine }: ThreadSettings): Thread {
  const worker = new Worker(new URL("./bootstrap.ts", import.meta.url), {
    workerData: boot,
    env: variables,
    // Otherwise the thread would inherit the options that this process was started with.
    execArgv: [],
    stdout: true,
    stderr: true,
    resourceLimits: { maxOldGenerationSizeMb: boot.memoryMb },
  });
  forwardLines(worker.stdout, onLine);
  forwardLines(worker.stderr, onLine);
  worker.on("error", (error) => onLine(String(error instanceof Error ? error.stack : error)));
  let wasTerminated = false;
  const exited = new Promise<ThreadExit>((resolve) => {
    worker.once("exit", (code) => {
      resolve({ kind: "exited", reason: exitReason(code, wasTerminated), wasTerminated });
    });
  });
  return {
    exited,
    next: nextOf(worker, exited),
    post: (request) => worker.postMessage(request),
    async terminate() {
      wasTerminated = true;
      await worker.terminate();
    },
  };
}

/** A race of each message with the end would stay, with what it brought, in the memory of the end's promise. */
function nextOf(worker: Worker, exited: Promise<ThreadExit>): Thread["next"] {
  let settle: (reached: BootstrapMessage | ThreadExit) => void = () => {};
  let end: ThreadExit | undefined;
  worker.on("message", (message: BootstrapMessage) => settle(message));
  void exited.then((exit) => {
    end = exit;
    settle(exit);
  });
  return async () => {
    if (end !== undefined) return end;
    const reached = Promise.withResolvers<BootstrapMessage | ThreadExit>();
    settle = reached.resolve;
    return reached.promise;
  };
}

function forwardLines(stream: Readable, onLine: (line: string) => void): void {
  createInterface({ input: stream }).on("line", onLine);
}

function exitReason(code: number, wasTerminated: boolean): string {
  if (wasTerminated) return "Runtime exited with error: signal: killed";
  if (code === 0) return "Runtime exited without providing a reason";
  return `Runtime exited with error: exit status ${code}`;
}
