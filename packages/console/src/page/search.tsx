import { useEffect, useRef, useState } from "preact/hooks";
import { linkTo, type Route } from "./route.ts";

/** Finds a record by its id, from anywhere: of the provider that is looked at, or, among all of them, of one that is chosen. */
export function Search({ route, providerIds }: { route: Route; providerIds: readonly string[] }) {
  const input = useRef<HTMLInputElement>(null);
  const [chosen, setChosen] = useState<string | undefined>();
  /** What was asked for before the providers were known. */
  const [wanted, setWanted] = useState<string | undefined>();
  useEffect(() => {
    const focus = (event: KeyboardEvent) => {
      const isTyping = event.target instanceof HTMLInputElement || event.target instanceof HTMLSelectElement;
      const isAsked =
        (event.key === "/" && !isTyping) || (event.key === "k" && (event.metaKey || event.ctrlKey));
      if (!isAsked) return;
      event.preventDefault();
      input.current?.focus();
      input.current?.select();
    };
    addEventListener("keydown", focus);
    return () => removeEventListener("keydown", focus);
  }, []);
  const id = route.kind === "fleet" ? (chosen ?? providerIds[0]) : route.id;
  useEffect(() => {
    if (wanted === undefined || id === undefined) return;
    location.hash = linkTo.record(id, wanted);
    setWanted(undefined);
  }, [wanted, id]);

  function go(event: Event): void {
    event.preventDefault();
    const recordId = input.current?.value ?? "";
    if (recordId !== "") setWanted(recordId);
  }

  return (
    <search>
      <form class="search" onSubmit={go}>
        {route.kind === "fleet" && providerIds.length > 1 && (
          <select aria-label="provider" value={id} onChange={(event) => setChosen(event.currentTarget.value)}>
            {providerIds.map((each) => (
              <option key={each}>{each}</option>
            ))}
          </select>
        )}
        <input
          ref={input}
          type="search"
          aria-label={`Record id of ${id ?? "a provider"}`}
          placeholder="record id   /"
        />
      </form>
    </search>
  );
}
