import { type Mutant, mutantsIn } from "./mutant.ts";

const CORE = "packages/core/src";

/** Deliberate faults in what keeps access windows. */
export const WINDOW_MUTANTS: readonly Mutant[] = [
  ...mutantsIn(
    `${CORE}/steering/windows/access.ts`,
    [
      "a window is open on a fast clock",
      "return nowMs >= opensAtMs ? OPEN :",
      "return nowMs >= opensAtMs - CLOCK_SKEW_MS ? OPEN :",
    ],
    [
      "calls start until a window closes",
      "const longestMs = provider.worker.timeoutMs + CLOCK_SKEW_MS;",
      "const longestMs = 0;",
    ],
  ),
  ...mutantsIn(`${CORE}/ventilator/gate-keeper.ts`, [
    "a batch goes on after a window has closed",
    'if (access.kind === "closed") return shutGate(access.opensAtMs);',
    "",
  ]),
];
