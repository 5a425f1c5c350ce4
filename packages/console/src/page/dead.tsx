import type { DeadLetter } from "@sluice/core/dead-letters";
import { useEffect, useState } from "preact/hooks";
import type { DeadGroup, DeadLettersNews, DeadLettersView } from "../server/dead-letters.ts";
import { useDenial } from "./denial.ts";
import { askJson, post, postLines } from "./live.ts";
import { Problem, Section } from "./parts.tsx";
import { linkTo } from "./route.ts";
import { countText, untilText } from "./text.ts";
import { useFocus } from "./use-focus.ts";

type Filter =
  | { readonly kind: "all" }
  | { readonly kind: "cause"; readonly text: string }
  | { readonly kind: "ids"; readonly ids: readonly string[] };

/** A change that is asked for, or under way. */
interface Change {
  readonly verb: "redrive" | "drop";
  readonly filter: Filter;
  readonly count: number;
}

/** Least time between two looks for letters that somebody else looks at; others must not always look at the same time. */
const LOOK_AGAIN_AFTER_MS = 2_000;

/** The dead letters of a provider, by cause: what to put back, and what to drop. */
export function Dead({ id }: { id: string }) {
  const path = `/api/providers/${encodeURIComponent(id)}/dead`;
  const [view, setView] = useState<DeadLettersView | undefined>();
  const [problem, setProblem] = useState<string | undefined>();
  const [change, setChange] = useState<Change | undefined>();
  const [denial, deny] = useDenial(path);

  async function read(signal?: AbortSignal): Promise<void> {
    try {
      setView(await askJson<DeadLettersView>(path, signal));
      setProblem(undefined);
    } catch (thrown) {
      if (!signal?.aborted) setProblem(thrown instanceof Error ? thrown.message : String(thrown));
    }
  }
  useEffect(() => {
    const gone = new AbortController();
    setView(undefined);
    setChange(undefined);
    void read(gone.signal);
    return () => gone.abort();
  }, [path]);
  const isToBeLookedAtAgain = view !== undefined && view.elsewhereCount > 0 && change === undefined;
  useEffect(() => {
    if (!isToBeLookedAtAgain) return undefined;
    const gone = new AbortController();
    const timer = setTimeout(() => void read(gone.signal), LOOK_AGAIN_AFTER_MS * (1 + Math.random()));
    return () => {
      clearTimeout(timer);
      gone.abort();
    };
  }, [view, isToBeLookedAtAgain]);

  return (
    <main>
      <nav aria-label="Way back">
        <a href={linkTo.fleet()}>Providers</a> / <a href={linkTo.provider(id)}>{id}</a>
      </nav>
      <h1 tabIndex={-1}>Dead letters of {id}</h1>
      <Problem problem={problem} isLost={false} />
      <p class="quiet">
        They were given up: rejected by the provider, or out of attempts. Put back, each begins afresh.
      </p>
      <div class="choices">
        <button type="button" onClick={() => void read()}>
          Look again
        </button>
        {view !== undefined && view.count > 0 && (
          <button
            type="button"
            disabled={denial !== undefined}
            title={denial}
            onClick={() => setChange({ verb: "redrive", filter: { kind: "all" }, count: view.count })}
          >
            Put all {countText(view.count)} back …
          </button>
        )}
      </div>
      {change !== undefined && (
        <ChangeForm
          key={`${change.verb} ${JSON.stringify(change.filter)}`}
          path={path}
          change={change}
          onEnd={() => void read()}
          onDenied={deny}
          onClose={() => setChange(undefined)}
        />
      )}
      {view === undefined && problem === undefined && <p class="quiet">Looking …</p>}
      {view?.count === 0 && view.elsewhereCount === 0 && <p class="quiet">There are none.</p>}
      {view !== undefined && view.elsewhereCount > 0 && (
        <p class="quiet">
          About {countText(view.elsewhereCount)} {view.count === 0 ? "" : "more "}are in other hands at the
          moment: somebody looks at them, or moves them. They are looked for again until they are seen.
        </p>
      )}
      {denial !== undefined && change === undefined && <p class="problem">{denial}</p>}
      <fieldset disabled={denial !== undefined} title={denial}>
        {view?.groups.map((group) => (
          <Group key={group.causeKind} id={id} group={group} onChange={setChange} />
        ))}
      </fieldset>
    </main>
  );
}

function Group({
  id,
  group,
  onChange,
}: {
  id: string;
  group: DeadGroup;
  onChange: (change: Change) => void;
}) {
  const { causeKind, count, firstAtMs, lastAtMs, example, isMalformed } = group;
  const filter: Filter = { kind: "cause", text: causeKind };
  const recordId = example.message?.recordId;
  return (
    <Section title={causeKind}>
      <dl class="wide">
        <div>
          <dt>letters</dt>
          <dd>{countText(count)}</dd>
        </div>
        <div>
          <dt>first</dt>
          <dd>{untilText(firstAtMs)}</dd>
        </div>
        <div>
          <dt>last</dt>
          <dd>{untilText(lastAtMs)}</dd>
        </div>
      </dl>
      <p>
        for example{" "}
        {recordId === undefined ? example.id : <a href={linkTo.record(id, recordId)}>{recordId}</a>}:{" "}
        {example.cause}
      </p>
      <Letters id={id} group={group} onChange={onChange} />
      <div class="choices">
        {!isMalformed && (
          <button type="button" onClick={() => onChange({ verb: "redrive", filter, count })}>
            Put {countText(count)} back …
          </button>
        )}
        <button type="button" onClick={() => onChange({ verb: "drop", filter, count })}>
          Drop {countText(count)} …
        </button>
      </div>
    </Section>
  );
}

/** The letters of a cause one by one: the record, its last answer, the message, and what to do with it alone. */
function Letters({
  id,
  group: { letters, count },
  onChange,
}: {
  id: string;
  group: DeadGroup;
  onChange: (change: Change) => void;
}) {
  const change = (verb: Change["verb"], letter: DeadLetter) =>
    onChange({ verb, filter: { kind: "ids", ids: [letter.id] }, count: 1 });
  return (
    <details>
      <summary>one by one{letters.length < count ? `, the first ${letters.length}` : ""}</summary>
      <ul class="letters">
        {letters.map((letter) => {
          const { message, cause, deadLetteredAtMs, attempts, body } = letter;
          const name = message?.recordId ?? letter.id;
          return (
            <li key={letter.id}>
              <p>
                {message === undefined ? name : <a href={linkTo.record(id, name)}>{name}</a>}: {cause}
                <span class="quiet">
                  , {untilText(deadLetteredAtMs)}
                  {attempts === undefined ? "" : `, ${countText(attempts)} attempts`}
                </span>
              </p>
              <pre>{body}</pre>
              <div class="choices">
                {message !== undefined && (
                  <button type="button" onClick={() => change("redrive", letter)}>
                    Put {name} back …
                  </button>
                )}
                <button type="button" onClick={() => change("drop", letter)}>
                  Drop {name} …
                </button>
              </div>
            </li>
          );
        })}
      </ul>
    </details>
  );
}

const MEANINGS = {
  redrive: "They go back into their lanes, the oldest first, and are fetched whatever their deadline.",
  drop: "They are gone for good. Their records stay dead in their runs, and can be enqueued anew.",
} as const;

function ChangeForm({
  path,
  change: { verb, filter, count },
  onEnd,
  onDenied,
  onClose,
}: {
  path: string;
  change: Change;
  onEnd: () => void;
  onDenied: (why: string) => void;
  onClose: () => void;
}) {
  const [news, setNews] = useState<DeadLettersNews | undefined>();
  const [changeId, setChangeId] = useState<string | undefined>();
  const [isStopping, setIsStopping] = useState(false);
  const reason = useFocus<HTMLInputElement>();
  const isUnderWay = news?.kind === "begun" || news?.kind === "progress";

  async function submit(event: Event): Promise<void> {
    event.preventDefault();
    setNews({ kind: "progress", doneCount: 0 });
    setIsStopping(false);
    const body = { verb, filter, expectedCount: count, reason: reason.current?.value ?? "" };
    await postLines<DeadLettersNews>(path, body, (line) => {
      if (line.kind === "begun") setChangeId(line.changeId);
      else setNews(line);
      if (line.kind === "denied") onDenied(line.problem);
    });
    setChangeId(undefined);
    onEnd();
  }

  async function stop(): Promise<void> {
    setIsStopping(true);
    await post(`${path}/stop`, { changeId });
  }

  return (
    <form class="ask section" onSubmit={(event) => void submit(event)}>
      <p>
        {verb === "redrive" ? "Put back" : "Drop"} {countText(count)}
        {filter.kind === "cause" ? ` with cause “${filter.text}”` : ""}. {MEANINGS[verb]}
      </p>
      <label>
        reason
        <input ref={reason} required maxLength={500} placeholder="others will read it" />
      </label>
      <button type="submit" class="primary" disabled={isUnderWay || news?.kind === "denied"}>
        {verb === "redrive" ? "Put them back" : "Drop them"}
      </button>
      {isUnderWay ? (
        <button type="button" disabled={changeId === undefined || isStopping} onClick={() => void stop()}>
          stop here
        </button>
      ) : (
        <button type="button" onClick={onClose}>
          {news === undefined ? "never mind" : "close"}
        </button>
      )}
      {news?.kind === "progress" && (
        <progress max={Math.max(1, count)} value={news.doneCount} aria-label="how far it is" />
      )}
      <p role="status" class={news?.kind === "refused" || news?.kind === "denied" ? "problem" : "said"}>
        {newsText(news)}
      </p>
    </form>
  );
}

function newsText(news: DeadLettersNews | undefined): string {
  switch (news?.kind) {
    case undefined:
    case "begun":
      return "";
    case "progress":
      return `${countText(news.doneCount)} so far`;
    case "done":
      return news.summary;
    case "refused":
    case "denied":
      return news.problem;
  }
}
