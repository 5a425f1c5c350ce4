import { LANES } from "@sluice/core/provider";
import * as z from "zod";
import type { Story } from "./story.ts";

const minute = z.number().min(0);
const ratio = z.number().min(0).max(1);
const span = { fromMinute: minute, untilMinute: minute };
const lane = z.enum(LANES);
const service = z.enum(["dynamodb", "sqs", "lambda", "lambda-control", "eventbridge"]);
const role = z.enum(["ventilator", "worker", "waker"]);
const contract = z.looseObject({});

const nature = z.strictObject({
  overload: z.enum(["reject", "stretch", "collapse", "hang"]),
  exponent: z.number().positive(),
  retryAfterSeconds: z.nullable(z.number().min(0)),
  poisonRatio: ratio,
  rejectedRatio: ratio,
  causeLength: z.int().min(1),
  hasBrokenWait: z.boolean(),
  fragile: z.nullable(z.strictObject({ downMinutes: minute, rampPerMinute: z.number().positive() })),
});

const spell = z.discriminatedUnion("kind", [
  z.strictObject({ ...span, kind: z.literal("capacity"), count: z.int().min(0) }),
  z.strictObject({ ...span, kind: z.literal("faults"), ratio }),
  z.strictObject({ ...span, kind: z.literal("slow"), factor: z.number().positive() }),
]);

const load = z.strictObject({
  atMinute: minute,
  overMinutes: minute,
  lane,
  run: z.string().min(1),
  firstRecord: z.int().min(0),
  count: z.int().min(0),
  deadlineMinutes: z.exactOptional(z.number().positive()),
  cancelAtMinute: z.exactOptional(minute),
});

const order = { ...span, diesAfterMs: z.exactOptional(z.number().min(0)) };

const fault = z.discriminatedUnion("kind", [
  z.strictObject({ ...span, kind: z.literal("throttle"), service, name: z.exactOptional(z.string()), ratio }),
  z.strictObject({ ...span, kind: z.literal("fail"), service, ratio }),
  z.strictObject({ ...span, kind: z.literal("lose-answers"), service, ratio }),
  z.strictObject({ ...span, kind: z.literal("delay"), service, ratio, delayMs: z.number().min(0) }),
  z.strictObject({ ...span, kind: z.literal("away"), service }),
  z.strictObject({ ...span, kind: z.literal("failed-entries"), ratio }),
  z.strictObject({ ...span, kind: z.literal("crash"), role, ratio }),
  z.strictObject({ ...span, kind: z.literal("freeze"), role, ratio, freezeMs: z.number().min(0) }),
  z.strictObject({
    ...span,
    kind: z.literal("no-concurrency"),
    role: z.enum(["ventilator", "worker"]),
    ratio,
  }),
  z.strictObject({ ...span, kind: z.literal("worker-broken"), error: z.string() }),
  z.strictObject({
    ...span,
    kind: z.literal("foreign-answer"),
    answer: z.enum(["nothing", "stub", "stale"]),
    ratio,
  }),
  z.strictObject({ ...span, kind: z.literal("cold-starts"), delayMs: z.number().min(0) }),
  z.strictObject({ ...span, kind: z.literal("duplicates"), ratio }),
  z.strictObject({ ...span, kind: z.literal("late-deletes"), ratio, delayMs: z.number().min(0) }),
  z.strictObject({ ...span, kind: z.literal("stale-counts"), lagMs: z.number().min(0) }),
  z.strictObject({
    ...span,
    kind: z.literal("slow-valve"),
    minSeconds: z.number().min(0),
    maxSeconds: z.number(),
  }),
  z.strictObject({ ...span, kind: z.literal("early-state"), lagSeconds: z.number().min(0) }),
  z.strictObject({ ...span, kind: z.literal("no-waker") }),
  z.strictObject({ ...span, kind: z.literal("late-waker"), delayMs: z.number().min(0) }),
  z.strictObject({ ...span, kind: z.literal("twin-waker") }),
  z.strictObject({ ...span, kind: z.literal("mapping-disabled"), lane }),
  z.strictObject({
    ...span,
    kind: z.literal("mapping-edited"),
    lane,
    batchSize: z.int(),
    maximumConcurrency: z.int(),
  }),
  z.strictObject({ ...span, kind: z.literal("mapping-renewed"), lane }),
  z.strictObject({ ...span, kind: z.literal("deploy"), contract }),
  z.strictObject({ ...span, kind: z.literal("wrong-address"), ratio }),
  z.strictObject({ ...span, kind: z.literal("redrive") }),
  z.strictObject({ ...span, kind: z.literal("state-deleted") }),
  z.strictObject({ ...order, kind: z.literal("hold"), aheadMinutes: minute, isResumed: z.boolean() }),
  z.strictObject({ ...order, kind: z.literal("pin"), limit: z.int().min(1), isResumed: z.boolean() }),
  z.strictObject({ ...order, kind: z.literal("force"), limit: z.int().min(1) }),
]);

/** Every kind of fault that a story can have. */
export const FAULT_KINDS: readonly string[] = fault.options.map(({ shape }) => shape.kind.value);

/** Schema of a stored story; its contract is parsed as any provider's when the day begins. */
export const storySchema: z.ZodType<Story> = z.strictObject({
  seed: z.int(),
  startsAt: z.iso.datetime(),
  contract,
  nature,
  weather: z.array(spell),
  load: z.array(load),
  faults: z.array(fault),
  skewMs: z.number().min(0),
}) as unknown as z.ZodType<Story>;
