import { useRef, useState } from "preact/hooks";
import type { ProviderView } from "../server/views.ts";
import { useDenial } from "./denial.ts";
import { type Posted, post } from "./live.ts";
import { instantText } from "./text.ts";
import { useFocus } from "./use-focus.ts";

type Verb = "hold" | "pin" | "force";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const LENGTHS: Readonly<Record<Verb, readonly (readonly [string, number | "ever"])[]>> = {
  hold: [
    ["10 minutes", 10 * MINUTE_MS],
    ["1 hour", HOUR_MS],
    ["4 hours", 4 * HOUR_MS],
    ["1 day", 24 * HOUR_MS],
    ["without an end", "ever"],
  ],
  pin: [
    ["1 hour", HOUR_MS],
    ["4 hours", 4 * HOUR_MS],
    ["1 day", 24 * HOUR_MS],
  ],
  force: [
    ["5 minutes", 5 * MINUTE_MS],
    ["15 minutes", 15 * MINUTE_MS],
    ["1 hour", HOUR_MS],
  ],
};
const MEANINGS: Readonly<Record<Verb, string>> = {
  hold: "Nothing new is started. What is under way ends, and no attempt is charged.",
  pin: "At most so many requests at once, whatever the breaker wants.",
  force: "Requests flow although the breaker is open. Their attempts are charged, and nothing probes.",
};

/** What an operator can do to a provider: each asks for a reason, and says what has come of it. */
export function Actions({ id, view }: { id: string; view: ProviderView }) {
  const [verb, setVerb] = useState<Verb | undefined>();
  const [said, setSaid] = useState<Posted | undefined>();
  const { orders, phase } = view.status;
  const path = `/api/providers/${encodeURIComponent(id)}/actions`;
  const given = (["hold", "pin", "force"] as const).filter((kind) => orders[kind] !== undefined);

  const [denial, deny] = useDenial(path);

  async function send(body: unknown): Promise<void> {
    const posted = await post(path, body);
    if (posted.isDenied) deny(posted.text);
    setSaid(posted);
    setVerb(undefined);
  }

  return (
    <section class="section">
      <h2>Steer it</h2>
      <div class="choices">
        <button type="button" disabled={denial !== undefined} title={denial} onClick={() => setVerb("hold")}>
          Hold …
        </button>
        <button type="button" disabled={denial !== undefined} title={denial} onClick={() => setVerb("pin")}>
          Pin the limit …
        </button>
        <button
          type="button"
          disabled={phase === "closed" || denial !== undefined}
          title={denial ?? (phase === "closed" ? "The breaker is closed: there is nothing to force" : "")}
          onClick={() => setVerb("force")}
        >
          Force …
        </button>
        {phase === "open" && (
          <button
            type="button"
            disabled={denial !== undefined}
            title={denial ?? "Let one call through to the provider"}
            onClick={() => void send({ verb: "probe", reason: "probed on the page" })}
          >
            Probe now
          </button>
        )}
        {given.map((kind) => (
          <button
            key={kind}
            type="button"
            class="primary"
            disabled={denial !== undefined}
            title={denial}
            onClick={() => void send({ verb: "resume", ends: [kind], reason: "resumed on the page" })}
          >
            Resume: end the {kind}
          </button>
        ))}
      </div>
      {given.map((kind) => {
        const order = orders[kind];
        return (
          order && (
            <p key={kind} class="quiet">
              {kind} by {order.by}: {order.reason}, until {instantText(order.untilMs)}
            </p>
          )
        );
      })}
      {verb !== undefined && (
        <OrderForm key={verb} verb={verb} view={view} onSend={send} onClose={() => setVerb(undefined)} />
      )}
      <p role="status" class={said?.isDone === false || denial !== undefined ? "problem" : "said"}>
        {denial ?? said?.text ?? ""}
      </p>
    </section>
  );
}

function OrderForm({
  verb,
  view,
  onSend,
  onClose,
}: {
  verb: Verb;
  view: ProviderView;
  onSend: (body: unknown) => Promise<void>;
  onClose: () => void;
}) {
  const form = useRef<HTMLFormElement>(null);
  const reason = useFocus<HTMLInputElement>();
  const { maxConcurrency, limit } = view.status;
  const lengths = LENGTHS[verb];

  function submit(event: Event): void {
    event.preventDefault();
    if (form.current === null) return;
    const data = new FormData(form.current);
    const length = lengths[Number(data.get("length"))]?.[1] ?? HOUR_MS;
    const wanted = Number(data.get("limit"));
    void onSend({
      verb,
      reason: String(data.get("reason")),
      forMs: length,
      ...(verb !== "hold" && { limit: wanted }),
    });
  }

  return (
    <form ref={form} class="ask" onSubmit={submit} onKeyDown={({ key }) => key === "Escape" && onClose()}>
      <p>{MEANINGS[verb]}</p>
      {verb !== "hold" && (
        <label>
          limit
          <input
            name="limit"
            type="number"
            min={1}
            max={verb === "pin" ? maxConcurrency - 1 : maxConcurrency}
            value={Math.max(1, Math.min(limit, maxConcurrency - 1))}
            required
          />
        </label>
      )}
      <label>
        for
        <select name="length">
          {lengths.map(([label], index) => (
            <option key={label} value={index}>
              {label}
            </option>
          ))}
        </select>
      </label>
      <label>
        reason
        <input ref={reason} name="reason" required maxLength={500} placeholder="others will read it" />
      </label>
      <button type="submit" class="primary">
        {verb} it
      </button>
      <button type="button" onClick={onClose}>
        never mind
      </button>
    </form>
  );
}
