import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

let collect: (() => void) | undefined;

/**
 * Frees what nobody needs any more. By itself Node waits until its heap is as large as the function's memory, beside which
 * Node's own 60 MB have no room.
 */
export function collectGarbage(): void {
  collect ??= globalThis.gc ?? exposed();
  collect();
}

function exposed(): () => void {
  setFlagsFromString("--expose-gc");
  return runInNewContext("gc");
}
