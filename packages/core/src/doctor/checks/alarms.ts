import { ALARM_NAMES } from "../../deployment/alarm-names.ts";
import type { AlarmReading } from "../../ports/deployment-reader.ts";
import type { Check } from "../check.ts";
import type { DoctorDeps } from "../doctor-deps.ts";
import type { Result } from "../finding.ts";
import type { Mends } from "../mends.ts";
import { unread } from "../unread.ts";

const KNOWN: ReadonlySet<string> = new Set(ALARM_NAMES);

/** Every alarm is there and quiet, and somebody is told of it. */
export const alarmsCheck: Check = {
  name: "alarms",
  reads: "the alarms of the stage, and who is subscribed to their topics",
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
    return (await unheard(alarms, deps, mends)) ?? raised(alarms, mends);
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

function raised(alarms: readonly AlarmReading[], { sluice }: Mends): Result {
  const names = alarms.filter(({ isRaised }) => isRaised).map(({ name }) => name);
  return names.length === 0
    ? { kind: "good", found: `${alarms.length} alarms, all quiet and heard by somebody` }
    : { kind: "bad", found: `raised: ${names.join(", ")}`, mend: sluice("status") };
}
