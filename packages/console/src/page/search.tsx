import { useEffect, useRef } from "preact/hooks";
import { linkTo, type Route } from "./route.ts";

/** Finds a record by its id, from anywhere. */
export function Search({ route, providerIds }: { route: Route; providerIds: readonly string[] }) {
  const input = useRef<HTMLInputElement>(null);
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
  const id = route.kind === "fleet" ? providerIds[0] : route.id;

  function go(event: Event): void {
    event.preventDefault();
    const recordId = input.current?.value ?? "";
    if (recordId !== "" && id !== undefined) location.hash = linkTo.record(id, recordId);
  }

  return (
    <search>
      <form onSubmit={go}>
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
