import { type Keyboard, listenToKeys } from "./keyboard.ts";
import { type KeyAction, keyActions, type TroubleAction } from "./keys.ts";

/** The effects of keys. */
export interface KeyEffects {
  /** Called for each `q` or Ctrl-C: the terminal no longer makes a signal of it. */
  onQuit(): void;
  onHold(): void;
  /** Left out: the provider's worker makes no trouble on demand. */
  readonly onTrouble?: (action: TroubleAction) => void;
}

/**
 * Lets keys have their effects.
 * @returns a function that gives the terminal back; undefined if there is no terminal
 */
export function bindKeys(keyboard: Keyboard, effects: KeyEffects): (() => void) | undefined {
  return listenToKeys(keyboard, (input) => {
    for (const action of keyActions(input)) act(action, effects);
  });
}

function act(action: KeyAction, { onQuit, onHold, onTrouble }: KeyEffects): void {
  if (action.kind === "quit") onQuit();
  else if (action.kind === "hold") onHold();
  else onTrouble?.(action);
}
