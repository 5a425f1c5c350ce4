import { useEffect, useState } from "preact/hooks";
import { post } from "./live.ts";

interface Trouble {
  readonly slowPercentage: number;
  readonly errorPercentage: number;
}

const PRESETS: readonly (readonly [string, Trouble])[] = [
  ["well", { slowPercentage: 0, errorPercentage: 0 }],
  ["slow", { slowPercentage: 60, errorPercentage: 0 }],
  ["errors", { slowPercentage: 0, errorPercentage: 30 }],
  ["outage", { slowPercentage: 0, errorPercentage: 100 }],
];

/** The dial of the simulated provider: only where no real one is called. */
export function TroubleBar() {
  const [trouble, setTrouble] = useState<Trouble | null>(null);
  useEffect(() => {
    void fetch("/api/trouble")
      .then((response) => response.json())
      .then(setTrouble)
      .catch(() => {});
  }, []);
  if (trouble === null) return null;
  return (
    <fieldset class="trouble-bar">
      <legend>The simulated provider is</legend>
      {PRESETS.map(([name, wish]) => (
        <button
          key={name}
          type="button"
          aria-pressed={
            wish.slowPercentage === trouble.slowPercentage && wish.errorPercentage === trouble.errorPercentage
          }
          onClick={() => void post("/api/trouble", wish).then(({ isDone }) => isDone && setTrouble(wish))}
        >
          {name}
        </button>
      ))}
    </fieldset>
  );
}
