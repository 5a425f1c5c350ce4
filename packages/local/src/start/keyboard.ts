/** A source of keys: `process.stdin`, say. */
export interface Keyboard {
  readonly isTTY?: boolean;
  setRawMode?(isRaw: boolean): unknown;
  setEncoding(encoding: "utf8"): unknown;
  on(event: "data", listener: (input: string) => void): unknown;
  off(event: "data", listener: (input: string) => void): unknown;
  resume(): unknown;
  pause(): unknown;
}

/** A keyboard without keys, for runs that no key may steer. */
export const NO_KEYBOARD: Keyboard = {
  setEncoding: () => {},
  on: () => {},
  off: () => {},
  resume: () => {},
  pause: () => {},
};

/**
 * Hands over each key as it is pressed, Ctrl-C included.
 * @returns a function that ends this and gives the terminal back as it was; undefined if there is no terminal
 */
export function listenToKeys(keyboard: Keyboard, onInput: (input: string) => void): (() => void) | undefined {
  if (keyboard.isTTY !== true) return undefined;
  keyboard.setRawMode?.(true);
  keyboard.setEncoding("utf8");
  keyboard.on("data", onInput);
  keyboard.resume();
  return () => {
    keyboard.off("data", onInput);
    keyboard.setRawMode?.(false);
    // A keyboard that is still listened to would keep the process alive.
    keyboard.pause();
  };
}
