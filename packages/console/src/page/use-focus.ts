import type { RefObject } from "preact";
import { useEffect, useRef } from "preact/hooks";

/** Takes the focus to an element when it appears, and gives it back to where it was when it is gone. */
export function useFocus<Target extends HTMLElement>(): RefObject<Target | null> {
  const target = useRef<Target>(null);
  useEffect(() => {
    const before = document.activeElement;
    target.current?.focus();
    return () => {
      // What the operator has gone to meanwhile keeps it.
      if (document.activeElement !== document.body) return;
      if (before instanceof HTMLElement) before.focus();
    };
  }, []);
  return target;
}
