import { useEffect, useState } from "preact/hooks";

/** A view that follows its server. */
export interface Live<View> {
  readonly view?: View;
  /** The server says why there is none. */
  readonly problem?: string | undefined;
  /** The server has not been heard of for a while. */
  readonly isLost: boolean;
}

/** The server beats every two seconds. */
const LOST_AFTER_MS = 8_000;

/** Follows a view of the server, from `/api/live` on. */
export function useLive<View>(path: string): Live<View> {
  const [live, setLive] = useState<Live<View> & { readonly path: string }>({ isLost: false, path });
  useEffect(() => {
    let heardAtMs = Date.now();
    const source = new EventSource(`/api/live${path}`);
    const heard = (change: Partial<Live<View>>) => {
      heardAtMs = Date.now();
      setLive((before) => ({ ...(before.path === path ? before : {}), ...change, isLost: false, path }));
    };
    source.onmessage = ({ data }) => {
      const seen = JSON.parse(data) as View & { readonly problem?: string };
      heard(seen?.problem === undefined ? { view: seen, problem: undefined } : { problem: seen.problem });
    };
    source.addEventListener("beat", () => heard({}));
    const timer = setInterval(() => {
      if (Date.now() - heardAtMs > LOST_AFTER_MS) setLive((before) => ({ ...before, isLost: true }));
    }, 1_000);
    return () => {
      source.close();
      clearInterval(timer);
    };
  }, [path]);
  return live.path === path ? live : { isLost: false };
}

const token = document.querySelector<HTMLMetaElement>("meta[name=sluice-token]")?.content ?? "";

/** Asks the server once. @throws Error with what it says, if it refuses */
export async function askJson<Answer>(path: string, signal?: AbortSignal): Promise<Answer> {
  const answer = (await (await fetch(path, { signal: signal ?? null })).json()) as Answer & {
    readonly problem?: string;
  };
  if (answer.problem !== undefined) throw new Error(answer.problem);
  return answer;
}

/** The server's answer to a change. */
export interface Posted {
  readonly isDone: boolean;
  /** IAM does not let these credentials do it. */
  readonly isDenied: boolean;
  readonly text: string;
}

/** Asks the server to change something; answers with what it says. */
export async function post(path: string, body: unknown): Promise<Posted> {
  try {
    const response = await fetch(path, {
      method: "POST",
      headers: { "content-type": "application/json", "x-sluice-token": token },
      body: JSON.stringify(body),
    });
    const answer = (await response.json()) as { readonly summary?: string; readonly problem?: string };
    const isDenied = response.status === 403;
    return { isDone: response.ok, isDenied, text: answer.summary ?? answer.problem ?? "done" };
  } catch {
    return { isDone: false, isDenied: false, text: "The console's server does not answer" };
  }
}

/** Asks the server for a change that takes a while, and hears of each step, until it ends. */
export async function postLines<Line extends { readonly kind: string }>(
  path: string,
  body: unknown,
  onLine: (line: Line) => void,
): Promise<void> {
  try {
    const response = await fetch(path, {
      method: "POST",
      headers: { "content-type": "application/json", "x-sluice-token": token },
      body: JSON.stringify(body),
    });
    const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
    let rest = "";
    for (let read = await reader?.read(); read !== undefined && !read.done; read = await reader?.read()) {
      const lines = `${rest}${read.value}`.split("\n");
      rest = lines.pop() ?? "";
      for (const line of lines) onLine(JSON.parse(line) as Line);
    }
  } catch (thrown) {
    const problem = `The console's server does not answer any more (${String(thrown)}): look again for what was done`;
    onLine({ kind: "refused", problem } as unknown as Line);
  }
}
