import { openVirtualSqs, pass } from "../support/virtual-sqs.ts";
import { describeSqs } from "./sqs.conformance.ts";

describeSqs("virtual", async () => {
  const { client, clock } = openVirtualSqs();
  return { client, pass: (durationMs) => pass(clock, durationMs), stop: async () => {} };
});
