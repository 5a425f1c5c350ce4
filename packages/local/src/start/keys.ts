import { stripVTControlCharacters } from "node:util";
import type { WorkerTrouble } from "../provider-simulator/trouble-dial.ts";

/** The action of a key that makes trouble, or ends it. */
export type TroubleAction =
  | { readonly kind: "change"; readonly slowBy: number; readonly errorBy: number }
  | { readonly kind: "clear" };

/** The action that a key stands for; `hold` holds the provider, or resumes it. */
export type KeyAction = TroubleAction | { readonly kind: "hold" } | { readonly kind: "quit" };

const STEP_PERCENT = 10;

const ACTIONS: ReadonlyMap<string, KeyAction> = new Map([
  ["s", { kind: "change", slowBy: STEP_PERCENT, errorBy: 0 }],
  ["S", { kind: "change", slowBy: -STEP_PERCENT, errorBy: 0 }],
  ["e", { kind: "change", slowBy: 0, errorBy: STEP_PERCENT }],
  ["E", { kind: "change", slowBy: 0, errorBy: -STEP_PERCENT }],
  ["0", { kind: "clear" }],
  ["h", { kind: "hold" }],
  ["q", { kind: "quit" }],
  // A terminal that hands over each key sends Ctrl-C as a character instead of a signal.
  ["\u0003", { kind: "quit" }],
]);

/** F1 to F4 and some arrow keys are sent as ESC O and a letter; they stand for no letter. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: ESC begins what function keys send.
const FUNCTION_KEY = /\u001bO./g;

/** The actions of the keys in a piece of input, in their order; keys without a meaning are left out. */
export function keyActions(input: string): KeyAction[] {
  const typed = stripVTControlCharacters(input.replace(FUNCTION_KEY, ""));
  return [...typed].flatMap((key) => ACTIONS.get(key) ?? []);
}

/** The trouble after an action; shares stay between 0 and 100 %. */
export function troubleAfter(action: TroubleAction, trouble: WorkerTrouble): WorkerTrouble {
  if (action.kind === "clear") return { slowPercentage: 0, errorPercentage: 0 };
  return {
    ...trouble,
    slowPercentage: clamped(trouble.slowPercentage + action.slowBy),
    errorPercentage: clamped(trouble.errorPercentage + action.errorBy),
  };
}

function clamped(percentage: number): number {
  return Math.min(100, Math.max(0, percentage));
}
