import type { FunctionSettings } from "./function-settings.ts";
import type { Lambda } from "./lambda.ts";

/** Settings to put in the place of a function's; variables of its environment that are not named stay. */
export type Reconfiguration = Partial<Pick<FunctionSettings, "timeoutMs" | "memoryMb" | "environment">>;

/**
 * Gives a function other settings, as Lambda's UpdateFunctionConfiguration does: later calls see them, calls under way
 * end with the old ones. A function that is not there, as in a cloud that has been stopped, is left alone.
 */
export function reconfigure(
  lambda: Pick<Lambda, "find" | "deploy">,
  functionName: string,
  changes: Reconfiguration,
): void {
  const settings = lambda.find(functionName);
  if (settings === undefined) return;
  lambda.deploy({
    ...settings,
    ...changes,
    environment: { ...settings.environment, ...changes.environment },
  });
}
