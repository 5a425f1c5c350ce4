import type { RecordStatus, Wait } from "@sluice/core/record-status";
import { useLive } from "./live.ts";
import { Instant, Problem, Section } from "./parts.tsx";
import { linkTo } from "./route.ts";
import { countText, instantText, laneText, latencyText, untilText } from "./text.ts";

/** One record's day, as a story. */
export function Record({ id, recordId }: { id: string; recordId: string }) {
  const path = `/providers/${encodeURIComponent(id)}/records/${encodeURIComponent(recordId)}`;
  const { view, problem, isLost } = useLive<RecordStatus>(path);
  return (
    <main>
      <nav aria-label="Way back">
        <a href={linkTo.fleet()}>Providers</a> / <a href={linkTo.provider(id)}>{id}</a>
      </nav>
      <h1 tabIndex={-1}>Record {recordId}</h1>
      <Problem problem={problem} isLost={isLost} />
      {view === undefined && problem === undefined && <p class="quiet">Looking …</p>}
      {view && (
        <>
          <Section title={`On ${view.day}, by the provider's calendar`}>
            <p class="story">{stateText(view)}</p>
            {view.state.kind === "dead" && (
              <p>
                Its letter is among the <a href={linkTo.dead(id)}>dead letters</a>, unless it was put back or
                dropped: put back, it stays dead until it is started again.
              </p>
            )}
            {"waits" in view.state && view.state.waits.length > 0 && (
              <ul class="reasons">
                {view.state.waits.map((wait) => (
                  <li key={wait.kind}>{waitText(wait)}</li>
                ))}
              </ul>
            )}
          </Section>
          <Attempts view={view} />
          <Runs id={id} view={view} />
        </>
      )}
    </main>
  );
}

function stateText({ state }: RecordStatus): string {
  switch (state.kind) {
    case "unknown":
      return "No run asks for it, and it was not started today: it was never enqueued, or a run that asked for it is over.";
    case "queued":
      return "A run asks for it, and it has not been started yet.";
    case "fetching":
      return state.isCutOff
        ? `Its invocation died. It is claimed until ${instantText(state.leaseUntilMs)}, which is past: its message starts it again.`
        : `It is under way, and claimed until ${instantText(state.leaseUntilMs)} (${untilText(state.leaseUntilMs)}).`;
    case "waiting":
      return "It has failed, and comes again.";
    case "fetched":
      return `It was fetched at ${instantText(state.atMs)}, by run ${state.runId}.`;
    case "dead":
      return `It is dead since ${instantText(state.atMs)}: ${state.cause}`;
  }
}

const WAIT_WORDS = {
  "back-off": "its back-off ends",
  breaker: "the provider is in trouble; the next probe is",
  environment: "our own side is broken; the next probe is",
  "retry-after": "the provider has asked to be left alone until",
  plan: "an operator holds it, or it is closed, until",
  quota: "the quota is used up until",
} as const;

function waitText(wait: Wait): string {
  if (wait.kind === "queue") return `${countText(wait.messageCount)} messages wait before it or beside it`;
  const end =
    wait.untilMs === undefined ? "not known" : `${instantText(wait.untilMs)} (${untilText(wait.untilMs)})`;
  return `${WAIT_WORDS[wait.kind]} ${end}`;
}

function Attempts({ view: { attempts, attemptCount, maxAttempts } }: { view: RecordStatus }) {
  return (
    <Section title={`Attempts: ${attemptCount} of ${maxAttempts}`}>
      {attempts.length === 0 ? (
        <p class="quiet">None has ended today.</p>
      ) : (
        <table>
          <thead>
            <tr>
              <th scope="col">started</th>
              <th scope="col">outcome</th>
              <th scope="col">latency</th>
              <th scope="col">cause</th>
            </tr>
          </thead>
          <tbody>
            {attempts.map(({ attemptId, startedAtMs, outcome, latencyMs, cause, isFree }) => (
              <tr key={attemptId}>
                <td>
                  <Instant atMs={startedAtMs} />
                </td>
                <td>
                  {outcome}
                  {isFree ? " (not charged)" : ""}
                </td>
                <td class="short">{latencyMs === undefined ? "" : latencyText(latencyMs)}</td>
                <td>{cause ?? ""}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </Section>
  );
}

function Runs({ id, view: { runs } }: { id: string; view: RecordStatus }) {
  if (runs.length === 0) return null;
  return (
    <Section title="Runs that ask for it">
      <ul class="runs">
        {runs.map(({ runId, lane, createdAtMs, state, end }) => (
          <li key={runId}>
            <a href={linkTo.run(id, runId)}>{runId}</a>{" "}
            <span class="quiet">
              {laneText(lane)}, enqueued {untilText(createdAtMs)}, {end ?? `open, the run is ${state}`}
            </span>
          </li>
        ))}
      </ul>
    </Section>
  );
}
