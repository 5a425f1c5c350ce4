import type { Diagnosis, Finding } from "@sluice/core/doctor";
import { useEffect, useState } from "preact/hooks";
import { askJson } from "./live.ts";
import { Section } from "./parts.tsx";
import { instantText } from "./text.ts";

const WORDS = { good: "good", bad: "bad", "not-checked": "not checked", "not-here": "not here" } as const;

/** Is what is deployed as it should be? Mappings as wanted and as they are, permissions, alarms; asked for, since it takes some calls. */
export function Doctor({ id }: { id: string }) {
  const [diagnosis, setDiagnosis] = useState<Diagnosis | undefined>();
  const [problem, setProblem] = useState<string | undefined>();
  const [isAsked, setIsAsked] = useState(false);
  useEffect(() => {
    setDiagnosis(undefined);
    setProblem(undefined);
  }, [id]);

  async function ask(): Promise<void> {
    setIsAsked(true);
    try {
      setDiagnosis(await askJson<Diagnosis>(`/api/providers/${encodeURIComponent(id)}/doctor`));
      setProblem(undefined);
    } catch (thrown) {
      setProblem(thrown instanceof Error ? thrown.message : String(thrown));
    }
    setIsAsked(false);
  }

  return (
    <Section title="Is it deployed as it should be?">
      <div class="choices">
        <button type="button" disabled={isAsked} onClick={() => void ask()}>
          Examine it
        </button>
      </div>
      <p role="status" class={problem !== undefined || diagnosis?.isWell === false ? "problem" : "quiet"}>
        {isAsked ? "Looking …" : (problem ?? (diagnosis && verdictText(diagnosis)))}
      </p>
      {diagnosis !== undefined && (
        <dl class="findings">
          {diagnosis.findings.map((finding) => (
            <div key={finding.check}>
              <dt>
                {finding.check} <span class={`badge ${finding.kind}`}>{WORDS[finding.kind]}</span>
              </dt>
              <dd>
                {foundText(finding)}
                {finding.kind === "bad" && <code>{finding.mend}</code>}
                <p class="quiet">{finding.why}</p>
              </dd>
            </div>
          ))}
        </dl>
      )}
    </Section>
  );
}

function verdictText({ isWell, cause, atMs }: Diagnosis): string {
  const at = `at ${instantText(atMs)}`;
  return isWell
    ? `All is well, ${at}.`
    : `Bad news, ${at}: begin with ${cause}, which may be the cause of the rest.`;
}

function foundText(finding: Finding): string {
  switch (finding.kind) {
    case "good":
    case "bad":
      return finding.found;
    case "not-checked":
      return finding.permission === undefined
        ? finding.cause
        : `${finding.cause}; it needs ${finding.permission}`;
    case "not-here":
      return "a cloud on this machine has none";
  }
}
