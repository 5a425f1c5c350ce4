/** A service of the embedded cloud: real or emulated, it is reached over HTTP. */
export interface Emulator {
  readonly url: string;
  stop(): Promise<void>;
}
