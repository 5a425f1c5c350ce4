import {
  cancelRun,
  force,
  hold,
  type OrderAnswer,
  pin,
  probeNow,
  readSteering,
  resume,
} from "@sluice/core/operator";
import * as z from "zod";
import type { Desk } from "./desk.ts";

const LIMIT_MAX = 10_000;
const common = { reason: z.string(), isDryRun: z.boolean().default(false) };
const timed = { ...common, forMs: z.exactOptional(z.union([z.int().min(1), z.literal("ever")])) };
const limit = z.int().min(1).max(LIMIT_MAX);

/** The wish of an operator, as the page sends it. */
const actionSchema = z.discriminatedUnion("verb", [
  z.strictObject({ verb: z.literal("hold"), ...timed }),
  z.strictObject({ verb: z.literal("pin"), limit, ...timed }),
  z.strictObject({ verb: z.literal("force"), limit, ...timed }),
  z.strictObject({
    verb: z.literal("resume"),
    ends: z.array(z.enum(["hold", "pin", "force"])).min(1),
    ...common,
  }),
  z.strictObject({ verb: z.literal("probe"), ...common }),
  z.strictObject({ verb: z.literal("cancel"), runId: z.string(), ...common }),
]);

/** The end of an action: what was done, in a sentence, or why not. */
export type ActionAnswer =
  | { readonly kind: "done"; readonly summary: string }
  | { readonly kind: "refused"; readonly problem: string };

/** Does what a page asks for. A body that is none of its wishes is refused. @throws SluiceError, Unreachable */
export async function act(body: unknown, desk: Desk): Promise<ActionAnswer> {
  const parsed = actionSchema.safeParse(body);
  if (!parsed.success) return { kind: "refused", problem: z.prettifyError(parsed.error) };
  const action = parsed.data;
  const by = await desk.nameOperator();
  const { access } = desk;
  const { steering } = access;
  switch (action.verb) {
    case "hold":
      return answerOf(await hold({ ...action, by }, steering));
    case "pin":
      return answerOf(await pin({ ...action, by }, steering));
    case "force":
      return answerOf(await force({ ...action, by }, steering));
    case "resume":
      return answerOf(await resume({ ...action, by }, steering));
    case "probe":
      return probe({ ...action, by }, desk);
    case "cancel": {
      const answer = await cancelRun({ ...action, by }, { ...steering, ...access });
      if (answer.kind === "refused") return { kind: "refused", problem: answer.hint };
      const { runId, open } = answer.status;
      return { kind: "done", summary: `run ${runId} is cancelled, ${open} of its records were open` };
    }
  }
}

/** Lets one call through now, and tells what came of it. */
async function probe(request: Parameters<typeof probeNow>[0], { access }: Desk): Promise<ActionAnswer> {
  const { steering } = access;
  const answer = await probeNow(request, steering);
  if (answer.kind === "refused") return { kind: "refused", problem: answer.hint };
  if (request.isDryRun) return { kind: "done", summary: "would let one call through" };
  await access.wake();
  const { phase } = (await readSteering(steering)).decided;
  return { kind: "done", summary: PROBE_ENDS[phase] };
}

const PROBE_ENDS = {
  closed: "the probe was answered: the breaker is closed",
  open: "the probe failed: it is open still",
  "half-open": "the next record to come is the probe",
} as const;

function answerOf(answer: OrderAnswer): ActionAnswer {
  if (answer.kind === "refused") return { kind: "refused", problem: answer.hint };
  return { kind: "done", summary: answer.change.summary };
}
