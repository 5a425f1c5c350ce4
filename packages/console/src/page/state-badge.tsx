import type { ProviderStatus, Urgency } from "@sluice/core/operator";
import { instantText, untilText } from "./text.ts";

const PHASE_WORDS = { closed: "flowing", open: "open", "half-open": "probing" } as const;

/** A provider's state in one word, and its colour. */
export function StateBadge({ status, urgency }: { status: ProviderStatus; urgency: Urgency }) {
  const [reason] = status.reasons.toReversed();
  const word =
    status.phase === "closed" && reason !== undefined ? REASON_WORDS[reason.kind] : PHASE_WORDS[status.phase];
  const silent = status.seen === undefined ? "no waker yet" : "waker silent";
  return <span class={`badge ${urgency}`}>{status.isWakerSilent ? silent : word}</span>;
}

/** What it means that the waker is silent; nothing if it is not. */
export function WakerSilence({ status: { isWakerSilent, seen } }: { status: ProviderStatus }) {
  if (!isWakerSilent) return null;
  return (
    <p class="problem">
      {seen === undefined
        ? "The waker has made no round yet: after a deployment its first one comes within a minute."
        : `The waker made its last round ${untilText(seen.atMs)}. Without it a tripped breaker may stay open, and no mapping is put right.`}
    </p>
  );
}

type Reason = ProviderStatus["reasons"][number];

const REASON_WORDS: Readonly<Record<Reason["kind"], string>> = {
  order: "held",
  "retry-after": "asked to wait",
  window: "closed hours",
  quota: "quota used up",
  environment: "our side is broken",
  tripped: "open",
  probing: "probing",
};

/** Each reason for which nothing starts, with its end. */
export function Reasons({ reasons }: { reasons: readonly Reason[] }) {
  if (reasons.length === 0) return null;
  return (
    <ul class="reasons">
      {reasons.map((reason) => (
        <li key={reason.kind}>
          <strong>{REASON_WORDS[reason.kind]}</strong>
          {reason.kind === "order" && reason.order !== undefined
            ? ` by ${reason.order.by}: ${reason.order.reason}`
            : ""}
          {reason.untilMs === undefined
            ? ""
            : `, until ${instantText(reason.untilMs)} (${untilText(reason.untilMs)})`}
        </li>
      ))}
    </ul>
  );
}
