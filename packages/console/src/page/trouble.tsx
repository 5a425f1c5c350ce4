import { useEffect, useState } from "preact/hooks";
import { post } from "./live.ts";

const SHARES = ["slowPercentage", "errorPercentage", "throttledPercentage", "hangingPercentage"] as const;

type Trouble = Readonly<Partial<Record<(typeof SHARES)[number], number>>>;

const WELL = { slowPercentage: 0, errorPercentage: 0, throttledPercentage: 0, hangingPercentage: 0 };
const PRESETS: readonly (readonly [name: string, meaning: string, wish: Trouble])[] = [
  ["well", "Every call is answered.", WELL],
  ["slow", "Six of ten calls are slow.", { ...WELL, slowPercentage: 60 }],
  ["errors", "Three of ten calls fail.", { ...WELL, errorPercentage: 30 }],
  ["429", "Every call is told to come again in 20 seconds.", { ...WELL, throttledPercentage: 100 }],
  ["hang", "Half of the calls are never answered.", { ...WELL, hangingPercentage: 50 }],
  ["outage", "Every call fails.", { ...WELL, errorPercentage: 100 }],
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
      {PRESETS.map(([name, meaning, wish]) => (
        <button
          key={name}
          type="button"
          title={meaning}
          aria-pressed={SHARES.every((share) => (wish[share] ?? 0) === (trouble[share] ?? 0))}
          onClick={() => void post("/api/trouble", wish).then(({ isDone }) => isDone && setTrouble(wish))}
        >
          {name}
        </button>
      ))}
    </fieldset>
  );
}
