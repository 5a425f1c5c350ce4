import { expect, test } from "vitest";
import { providerDay } from "./day.ts";

test("the provider day turns at midnight in the provider's time zone", () => {
  const justBeforeMs = Date.parse("2026-11-20T22:59:59.999Z");
  expect(providerDay("Europe/Zurich", justBeforeMs)).toBe("2026-11-20");
  expect(providerDay("Europe/Zurich", justBeforeMs + 1)).toBe("2026-11-21");
  expect(providerDay("America/New_York", justBeforeMs + 1)).toBe("2026-11-20");
});
