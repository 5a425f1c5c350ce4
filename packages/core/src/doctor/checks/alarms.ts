import { ALARM_NAMES } from "../../deployment/alarm-names.ts";
import type { AlarmReading } from "../../ports/deployment-reader.ts";
import { namesOf } from "../../provider/names.ts";
import type { Check } from "../check.ts";
import type { DoctorDeps } from "../doctor-deps.ts";
import type { Result } from "../finding.ts";
import type { Mends } from "../mends.ts";
import { unread } from "../unread.ts";

const KNOWN: ReadonlySet<string> = new Set(ALARM_NAMES);

/** Every alarm is there and quiet, and somebody is told of it. */
export const alarmsCheck: Check = {
  name: "alarms",
  reads: "the alarms of the stage, who is subscribed to their topics, and whether these could be told",
  why: "an alarm that nobody hears is none: an outage would be noticed by those who wait for their records",
  async run(deps, mends) {
    const reading = await deps.deployed.alarms();
    if (reading.kind !== "read") return unread(reading);
    // Another provider's may begin with this one's name.
    const alarms = reading.value.filter(({ name }) => KNOWN.has(name));
    const missing = ALARM_NAMES.filter((name) => !alarms.some((alarm) => alarm.name === name));
    if (missing.length > 0) {
      return { kind: "bad", found: `there is no alarm ${missing.join(", ")}`, mend: mends.deploy };
    }
    const silent = (await unheard(alarms, deps, mends)) ?? (await untold(alarms, deps));
    const bell = raised(alarms, mends);
    return silent === undefined || (silent.kind === "not-checked" && bell.kind === "bad") ? bell : silent;
  },
};

/** The result where an alarm has nobody to hear it, or that can't be told. */
async function unheard(
  alarms: readonly AlarmReading[],
  { deployed }: DoctorDeps,
  { deploy }: Mends,
): Promise<Result | undefined> {
  const mute = alarms.filter(({ topicArns }) => topicArns.length === 0);
  if (mute.length > 0) {
    const found = `${mute.map(({ name }) => name).join(", ")} tell nobody`;
    return { kind: "bad", found, mend: deploy };
  }
  for (const topicArn of new Set(alarms.flatMap(({ topicArns }) => topicArns))) {
    const count = await deployed.subscriberCount(topicArn);
    if (count.kind !== "read") return unread(count);
    if (count.value > 0) continue;
    const mend = `aws sns subscribe --topic-arn ${topicArn} --protocol email --notification-endpoint <address>`;
    return { kind: "bad", found: `nobody has subscribed to ${topicArn}, or confirmed it`, mend };
  }
  return undefined;
}

/** The result where CloudWatch could not tell a topic of an alarm, or that can't be told. */
async function untold(
  alarms: readonly AlarmReading[],
  { deployed, place, provider }: DoctorDeps,
): Promise<Result | undefined> {
  const { table } = namesOf(place.environment, provider.id);
  const readings = await Promise.all(alarms.map(({ name }) => deployed.untold(name)));
  for (const [index, { name }] of alarms.entries()) {
    const reading = readings[index];
    if (reading === undefined) continue;
    if (reading.kind !== "read") return unread(reading);
    const [topic] = reading.value;
    if (topic === undefined) continue;
    const found = `${name} could not tell ${topic.topicArn}: ${topic.cause}`;
    // Once the policy that the cause is about is mended this shows that it arrives.
    const mend = `aws cloudwatch set-alarm-state --alarm-name ${table}-${name} --state-value ALARM --state-reason test`;
    return { kind: "bad", found, mend };
  }
  return undefined;
}

function raised(alarms: readonly AlarmReading[], { sluice }: Mends): Result {
  const names = alarms.filter(({ isRaised }) => isRaised).map(({ name }) => name);
  return names.length === 0
    ? { kind: "good", found: `${alarms.length} alarms, all quiet and heard by somebody` }
    : { kind: "bad", found: `raised: ${names.join(", ")}`, mend: sluice("status") };
}
