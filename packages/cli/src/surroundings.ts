import type { Readable } from "node:stream";
import type { Clock } from "@sluice/core/ports";
import type { BrowserCommand } from "./browser/browser-command.ts";
import type { Connection, ProviderChoice } from "./connect/connection.ts";

/** The world around a command, so that a test can bring its own. */
export interface Surroundings {
  /** Environment variables. */
  readonly variables: Readonly<Record<string, string | undefined>>;
  readonly platform: NodeJS.Platform;
  readonly stdout: Output;
  readonly stderr: Output;
  readonly stdin: Input;
  /** Aborts when the command is to end: Ctrl-C, SIGTERM, a closed terminal or pipe. */
  readonly interrupt: AbortSignal;
  readonly clock: Clock;
  /** IANA name of the operator's own time zone. */
  readonly timeZone: string;
  /** Starts a program that outlives the command. Never throws, and tells nobody whether it could. */
  launch(command: BrowserCommand): void;
  /** Reaches a provider. @throws SluiceError if it can't be found or had */
  connect(choice: ProviderChoice): Promise<Connection>;
  /** The providers that a choice without a name may mean, each with its environment. @throws SluiceError */
  listProviders(choice: ProviderChoice): Promise<readonly string[]>;
}

/** A stream that is written to. */
export interface Output {
  readonly isTerminal: boolean;
  /** Width of the terminal; unlimited for a pipe. */
  readonly columns: number;
  write(text: string): void;
}

/** The stream that is read from. */
export interface Input {
  readonly isTerminal: boolean;
  /** All that comes; to be read once. */
  stream(): Readable;
  /** Reads an answer of one line; undefined at the end of the input. */
  readLine(prompt: string): Promise<string | undefined>;
}
