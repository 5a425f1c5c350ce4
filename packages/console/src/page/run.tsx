import type { RunSummary } from "@sluice/core/runs";
import { useState } from "preact/hooks";
import type { RunView } from "../server/views.ts";
import { useDenial } from "./denial.ts";
import { post, useLive } from "./live.ts";
import { Problem, Section } from "./parts.tsx";
import { linkTo } from "./route.ts";
import { countText, instantText, laneText, spanText, untilText } from "./text.ts";
import { useFocus } from "./use-focus.ts";

const ENDS = ["fetched", "fetchedBefore", "dead", "expired", "cancelled"] as const;
const END_WORDS = {
  fetched: "fetched",
  fetchedBefore: "fetched before",
  dead: "dead",
  expired: "expired",
  cancelled: "cancelled",
} as const;

/** A run's records by their end, as a bar and in words. */
export function RunBar({ status }: { status: RunSummary }) {
  const { accepted, counts, open } = status;
  let from = 0;
  const parts = ENDS.map((end) => {
    const width = accepted === 0 ? 0 : (100 * counts[end]) / accepted;
    const part = { end, from, width };
    from += width;
    return part;
  });
  const words = ENDS.filter((end) => counts[end] > 0).map(
    (end) => `${countText(counts[end])} ${END_WORDS[end]}`,
  );
  return (
    <div class="bar">
      <span>
        {countText(accepted)} records: {[...words, `${countText(open)} open`].join(", ")}
      </span>
      <svg viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true">
        <rect class="track" width="100" height="8" />
        {parts.map(({ end, from: x, width }) => (
          <rect key={end} class={`end-${end}`} x={x} width={width} height="8" />
        ))}
      </svg>
    </div>
  );
}

/** One run: how far it is, when it will be done, and what it has lost. */
export function Run({ id, runId }: { id: string; runId: string }) {
  const path = `/providers/${encodeURIComponent(id)}/runs/${encodeURIComponent(runId)}`;
  const { view, problem, isLost } = useLive<RunView | null>(path);
  return (
    <main>
      <nav aria-label="Way back">
        <a href={linkTo.fleet()}>Providers</a> / <a href={linkTo.provider(id)}>{id}</a>
      </nav>
      <h1 tabIndex={-1}>Run {runId}</h1>
      <Problem problem={problem} isLost={isLost} />
      {view === undefined && problem === undefined && <p class="quiet">Looking …</p>}
      {view === null && (
        <p class="quiet">There is no such run: it was never enqueued, or more than 30 days ago.</p>
      )}
      {view && <Progress status={view.status} />}
      {view && isOpen(view.status) && <Cancel id={id} runId={runId} />}
      {view && <Lost id={id} view={view} />}
    </main>
  );
}

function Progress({ status }: { status: RunSummary }) {
  const { state, lane, createdAtMs, completedAtMs, deadlineMs, ratePerMinute, endsAtMs, endUnsureMs } =
    status;
  const soonestMs = endsAtMs === undefined ? undefined : endsAtMs - (endUnsureMs ?? 0);
  const isLate = deadlineMs !== undefined && soonestMs !== undefined && soonestMs > deadlineMs;
  return (
    <Section title={state}>
      <RunBar status={status} />
      <dl class="wide">
        <div>
          <dt>lane</dt>
          <dd>{laneText(lane)}</dd>
        </div>
        <div>
          <dt>enqueued</dt>
          <dd>{instantText(createdAtMs)}</dd>
        </div>
        {completedAtMs !== undefined && (
          <div>
            <dt>completed</dt>
            <dd>{instantText(completedAtMs)}</dd>
          </div>
        )}
        {ratePerMinute !== undefined && (
          <div>
            <dt>records a minute</dt>
            <dd>{countText(ratePerMinute)}</dd>
          </div>
        )}
        {endsAtMs !== undefined && (
          <div>
            <dt>done</dt>
            <dd class={isLate ? "bad" : ""}>
              {untilText(endsAtMs)}
              {endUnsureMs !== undefined && `, give or take ${spanText(endUnsureMs)}`}
            </dd>
          </div>
        )}
        {deadlineMs !== undefined && (
          <div>
            <dt>deadline</dt>
            <dd>{instantText(deadlineMs)}</dd>
          </div>
        )}
      </dl>
    </Section>
  );
}

function isOpen({ state }: RunSummary): boolean {
  return state === "open" || state === "enqueuing";
}

/** Ends the run before its time, once a reason is given. */
function Cancel({ id, runId }: { id: string; runId: string }) {
  const [isAsked, setIsAsked] = useState(false);
  const [problem, setProblem] = useState("");
  const path = `/api/providers/${encodeURIComponent(id)}/actions`;
  const [denial, deny] = useDenial(path);

  async function cancel(reason: string): Promise<void> {
    const { isDone, isDenied, text } = await post(path, { verb: "cancel", runId, reason });
    if (isDenied) deny(text);
    setIsAsked(false);
    setProblem(isDone ? "" : text);
  }

  return (
    <Section title="End it before its time">
      <div class="choices">
        <button type="button" disabled={denial !== undefined} title={denial} onClick={() => setIsAsked(true)}>
          Cancel this run …
        </button>
      </div>
      {isAsked && <CancelForm onSend={(reason) => void cancel(reason)} onClose={() => setIsAsked(false)} />}
      <p role="status" class="problem">
        {denial ?? problem}
      </p>
    </Section>
  );
}

function CancelForm({ onSend, onClose }: { onSend: (reason: string) => void; onClose: () => void }) {
  const reason = useFocus<HTMLInputElement>();
  function submit(event: Event): void {
    event.preventDefault();
    onSend(reason.current?.value ?? "");
  }
  return (
    <form class="ask" onSubmit={submit} onKeyDown={({ key }) => key === "Escape" && onClose()}>
      <p>
        Within five seconds no record of it starts any more. What is under way ends, and what another run
        wants too is fetched for that one.
      </p>
      <label>
        reason
        <input ref={reason} required maxLength={500} placeholder="others will read it" />
      </label>
      <button type="submit" class="primary">
        Cancel it
      </button>
      <button type="button" onClick={onClose}>
        never mind
      </button>
    </form>
  );
}

function Lost({ id, view: { lost } }: { id: string; view: RunView }) {
  if (lost.length === 0) return null;
  return (
    <Section title="Records that were not fetched">
      <table>
        <thead>
          <tr>
            <th scope="col">record</th>
            <th scope="col">end</th>
            <th scope="col">cause</th>
          </tr>
        </thead>
        <tbody>
          {lost.map(({ recordId, end, cause }) => (
            <tr key={recordId}>
              <td>
                <a href={linkTo.record(id, recordId)}>{recordId}</a>
              </td>
              <td class="short">{end}</td>
              <td>{cause}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Section>
  );
}
