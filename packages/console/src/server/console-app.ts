import { asOperatorError, isDenied, rootOf } from "@sluice/aws/operator-errors";
import { messageOf, SluiceError } from "@sluice/core/errors";
import { type Context, Hono } from "hono";
import { stream, streamSSE } from "hono/streaming";
import * as z from "zod";
import { act } from "./actions.ts";
import { createDeadChanges } from "./dead-changes.ts";
import { readDead } from "./dead-letters.ts";
import type { Desk, TroubleDial } from "./desk.ts";
import { readEventPage } from "./event-page.ts";
import { examineDesk } from "./examine-desk.ts";
import { guard } from "./guard.ts";
import { bundlePage } from "./page-bundle.ts";
import { pageHtml } from "./page-html.ts";
import type { Tickets } from "./tickets.ts";
import { lookAtFleet, lookAtProvider, readRecord, readRun } from "./views.ts";

/** Everything that a console serves. */
export interface ConsoleParts {
  readonly desks: readonly Desk[];
  /** Known to whoever was told the address. */
  readonly token: string;
  readonly tickets: Pick<Tickets, "redeem">;
  /** Of the simulated provider; absent where real ones are called. */
  readonly trouble?: TroubleDial;
}

/** A page is told so often that its server lives, and looks at a provider on this machine. */
const BEAT_EVERY_MS = 2_000;
/** Beats between two looks at providers on AWS, where a look at fifty of them costs hundreds of requests. */
const BEATS_PER_LOOK = 5;
/** Longest time that a page may ask for. */
const OVER_MAX_MS = 14 * 24 * 60 * 60_000;
const OVER_MS = 60 * 60_000;

/** Makes the server of the page. Nothing of it is reachable without the token. */
export function createConsoleApp(parts: ConsoleParts): Hono {
  const { desks, token, tickets, trouble } = parts;
  const app = new Hono();
  const deadChanges = createDeadChanges();
  app.use(guard(token, tickets));
  app.onError((error, context) => {
    const known = asOperatorError(error);
    if (isDenied(rootOf(error))) return context.json({ problem: messageOf(known) }, 403);
    return context.json({ problem: messageOf(known) }, known instanceof SluiceError ? 502 : 500);
  });
  app.notFound((context) => context.json({ problem: `There is no ${context.req.path}` }, 404));
  app.get("/", (context) => context.html(pageHtml(token)));
  app.get("/page.js", async (context) => {
    context.header("content-type", "text/javascript; charset=utf-8");
    return context.body((await bundlePage()).script);
  });
  app.get("/page.css", async (context) => {
    context.header("content-type", "text/css; charset=utf-8");
    return context.body((await bundlePage()).style);
  });
  app.get("/api/providers", (context) => context.json(desks.map(({ access }) => access.provider.id)));
  serveViews(app, parts);
  app.post("/api/providers/:id/actions", async (context) => {
    const desk = deskOf(context, desks);
    if (desk === undefined) return context.notFound();
    const answer = await act(await context.req.json().catch(() => undefined), desk);
    return context.json(answer, answer.kind === "done" ? 200 : 422);
  });
  app.get("/api/providers/:id/events", async (context) => {
    const desk = deskOf(context, desks);
    if (desk === undefined) return context.notFound();
    const events = await readEventPage(context.req.query(), desk.access.steering.events);
    return events
      ? context.json({ events })
      : context.json({ problem: "That is no question for events" }, 400);
  });
  app.get("/api/providers/:id/doctor", async (context) => {
    const desk = deskOf(context, desks);
    return desk === undefined ? context.notFound() : context.json(await examineDesk(desk));
  });
  app.get("/api/providers/:id/dead", async (context) => {
    const desk = deskOf(context, desks);
    return desk === undefined
      ? context.notFound()
      : context.json(await readDead(desk, context.req.raw.signal));
  });
  app.post("/api/providers/:id/dead", async (context) => {
    const desk = deskOf(context, desks);
    if (desk === undefined) return context.notFound();
    const body = await context.req.json().catch(() => undefined);
    return stream(context, (lines) => deadChanges.carryOut(body, desk, lines));
  });
  app.post("/api/providers/:id/dead/stop", async (context) => {
    const isStopped = deadChanges.stop(await context.req.json().catch(() => undefined));
    return isStopped
      ? context.json({ summary: "It stops after those that are being moved" })
      : context.json({ problem: "Nothing is under way that could be stopped" }, 422);
  });
  app.get("/api/trouble", (context) => context.json(trouble?.current() ?? null));
  app.post("/api/trouble", async (context) => {
    const wish = await context.req.json().catch(() => undefined);
    const turned = trouble && turn(trouble, wish);
    return turned ? context.json(turned) : context.json({ problem: "There is no such trouble to make" }, 422);
  });
  return app;
}

/** A view that can be looked at again and again; undefined if there is none. */
type Look = () => Promise<unknown>;

/** Serves each view once, and, under `/api/live`, whenever it changes. */
function serveViews(app: Hono, { desks }: ConsoleParts): void {
  const views: Readonly<Record<string, (context: Context) => Look>> = {
    "/fleet": () => lookAtFleet(desks),
    "/providers/:id": (context) => {
      const desk = deskOf(context, desks);
      return desk === undefined ? nothing : lookAtProvider(desk, overMsOf(context));
    },
    "/providers/:id/runs/:runId": (context) => {
      const desk = deskOf(context, desks);
      const runId = context.req.param("runId") ?? "";
      return desk === undefined ? nothing : () => readRun(desk, runId);
    },
    "/providers/:id/records/:recordId": (context) => {
      const desk = deskOf(context, desks);
      const recordId = context.req.param("recordId") ?? "";
      return desk === undefined ? nothing : () => readRecord(desk, recordId);
    },
  };
  const beatsPerLook = desks.some(({ isLocal }) => !isLocal) ? BEATS_PER_LOOK : 1;
  for (const [path, view] of Object.entries(views)) {
    app.get(`/api${path}`, async (context) => {
      const seen = await view(context)();
      return seen === undefined ? context.notFound() : context.json(seen);
    });
    app.get(`/api/live${path}`, (context) =>
      streamSSE(context, async (stream) => {
        const look = view(context);
        let last = "";
        for (let beat = 0; !stream.aborted; beat += 1) {
          const text = beat % beatsPerLook === 0 ? await textOf(look()) : last;
          await stream.writeSSE(text === last ? { event: "beat", data: "" } : { data: text });
          last = text;
          await stream.sleep(BEAT_EVERY_MS);
        }
      }),
    );
  }
}

const nothing: Look = async () => undefined;

/** A view as it is sent, or why there is none. */
async function textOf(view: Promise<unknown>): Promise<string> {
  const seen = await view.catch((thrown: unknown) => ({ problem: messageOf(asOperatorError(thrown)) }));
  return JSON.stringify(seen ?? null);
}

function deskOf(context: Context, desks: readonly Desk[]): Desk | undefined {
  return desks.find(({ access }) => access.provider.id === context.req.param("id"));
}

function overMsOf(context: Context): number {
  const asked = Number(context.req.query("overMs") ?? OVER_MS);
  return Number.isFinite(asked) && asked > 0 ? Math.min(asked, OVER_MAX_MS) : OVER_MS;
}

const shareSchema = z.number().min(0).max(100);
const troubleSchema = z.strictObject({
  slowPercentage: z.exactOptional(shareSchema),
  errorPercentage: z.exactOptional(shareSchema),
  throttledPercentage: z.exactOptional(shareSchema),
  hangingPercentage: z.exactOptional(shareSchema),
});

/** Turns the dial; what a wish leaves out stays as it is. Undefined for what is no wish. */
function turn(dial: TroubleDial, wish: unknown): ReturnType<TroubleDial["current"]> | undefined {
  const parsed = troubleSchema.safeParse(wish);
  if (!parsed.success) return undefined;
  dial.turn({ ...dial.current(), ...parsed.data });
  return dial.current();
}
