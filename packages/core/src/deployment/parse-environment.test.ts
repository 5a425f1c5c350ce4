import { describe, expect, test } from "vitest";
import { parseEnvironment } from "./parse-environment.ts";

const LEAST = { accountId: "123456789012", region: "eu-central-1" };
const KEY = "arn:aws:kms:eu-central-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab";
const TOPIC = "arn:aws:sns:eu-central-1:123456789012:alarms";

const read = (file: unknown, name = "staging") => parseEnvironment(file, name, `environments/${name}.json`);

test("account and region are all that is needed, and the rest has safe defaults", () => {
  expect(read(LEAST)).toEqual({
    name: "staging",
    ...LEAST,
    alarms: {},
    bus: "default",
    dashboards: "fleet",
    tags: {},
    retention: { logDays: 30, recoveryDays: 35, isKept: false },
    without: [],
    providers: {},
  });
});

test("only production keeps its data by default when it is removed", () => {
  expect(read(LEAST, "production").retention.isKept).toBe(true);
  expect(read({ ...LEAST, retention: { keep: true } }).retention.isKept).toBe(true);
  expect(read({ ...LEAST, retention: { keep: false } }, "production").retention.isKept).toBe(false);
});

test("a bus of its own may be named", () => {
  expect(read({ ...LEAST, bus: "sluice" }).bus).toBe("sluice");
  expect(read({ ...LEAST, bus: "default" }).bus).toBe("default");
});

test("concurrency is reserved where the account's is known, unless the file says otherwise", () => {
  expect(read({ ...LEAST, lambda: { concurrency: 1000 } }).lambda).toEqual({
    concurrency: 1000,
    isReserved: true,
  });
  expect(read({ ...LEAST, lambda: { concurrency: 10, reserve: false } }).lambda?.isReserved).toBe(false);
});

test("somebody is woken for a standstill and for a loss to come, not for a provider's outage", () => {
  const { names = [] } = read({ ...LEAST, alarms: { wake: { topicArn: TOPIC } } }).alarms.wake ?? {};
  expect(names).toEqual(expect.arrayContaining(["WakerSilent", "RecordsExpiring", "WorkersCantBegin"]));
  expect(names).not.toContain("BreakerOpen");
  expect(names).not.toContain("DeadLetters");
});

test.each([
  { permissionsBoundaryArn: "arn:aws:iam::123456789012:policy/teams/boundary" },
  { permissionsBoundaryArn: "arn:aws:iam::aws:policy/PowerUserAccess" },
  { kmsKeyArn: KEY },
  { kmsKeyArn: KEY.replace(/[^/]*$/, "mrk-1234abcd12ab34cd56ef1234567890ab") },
  { region: "us-gov-west-1" },
  { region: "eusc-de-east-1" },
  { tags: { "cost-center": "4711", Owner: "", "team/sub:1": "a b", d: "ä", e: "5" } },
])("%j is taken as it is", (more) => {
  expect(read({ ...LEAST, ...more })).toMatchObject(more);
});

describe("what is wrong is refused, with file, field and legal values", () => {
  test.each([
    [{}, /accountId must be the 12 digits of an AWS account, as text, received nothing/],
    [{ accountId: "12345678901" }, /accountId must be the 12 digits/],
    [{ region: "Frankfurt" }, /region must be an AWS region, such as eu-central-1, received "Frankfurt"/],
    [{ lambda: {} }, /lambda\.concurrency must be a whole number from 10 to 1000000/],
    [{ lambda: { concurrency: 1000, reserve: "no" } }, /lambda\.reserve must be true or false/],
    [{ alarms: { topicArn: "alarms" } }, /alarms\.topicArn must be the ARN of an SNS topic/],
    [
      { alarms: { topicArn: TOPIC.replace("eu-central-1", "us-east-1") } },
      /alarms\.topicArn must be a topic in eu-central-1, the environment's region, received arn:aws:sns:us-east-1/,
    ],
    [
      { alarms: { wake: { topicArn: TOPIC.replace("eu-central-1", "us-east-1") } } },
      /alarms\.wake\.topicArn must be a topic in eu-central-1/,
    ],
    [
      { alarms: { wake: { topicArn: TOPIC, names: ["Fire"] } } },
      /must be one of BreakerOpen, .*received "Fire"/,
    ],
    [{ dashboards: "none" }, /dashboards must be fleet or each, received "none"/],
    [{ bus: "events" }, /bus must be default, or a name that begins with sluice, such as sluice-staging/],
    [
      { vpc: { subnetIds: [], securityGroupIds: ["sg-0a1b2c3d"] } },
      /vpc\.subnetIds must be a list of 1 to 16 ids/,
    ],
    [
      { vpc: { subnetIds: ["subnet-1"], securityGroupIds: ["sg-0a1b2c3d"] } },
      /vpc\.subnetIds\.0 must be an id such as subnet-0a1b2c3d/,
    ],
    [{ vpc: { subnetIds: ["subnet-0a1b2c3d"] } }, /vpc\.securityGroupIds must be a list of 1 to 5 ids/],
    [{ permissionsBoundaryArn: "boundary" }, /permissionsBoundaryArn must be the ARN of a policy/],
    [
      { kmsKeyArn: "arn:aws:kms:eu-central-1:123456789012:alias/sluice" },
      /kmsKeyArn must be the ARN of a KMS key, such as arn:aws:kms:.*, and no alias, received "arn:.*:alias\/sluice"/,
    ],
    [{ kmsKeyArn: "1234abcd-12ab-34cd-56ef-1234567890ab" }, /kmsKeyArn must be the ARN of a KMS key/],
    [{ kmsKeyArn: `${KEY}, ${KEY}` }, /kmsKeyArn must be the ARN of a KMS key/],
    [{ kmsKeyArn: null }, /kmsKeyArn must be the ARN of a KMS key/],
    [
      { kmsKeyArn: KEY.replace("eu-central-1", "us-east-1") },
      /kmsKeyArn must be a key of account 123456789012 in eu-central-1, the environment's, received arn:aws:kms:us-east-1/,
    ],
    [
      { kmsKeyArn: KEY.replace("123456789012", "999999999999") },
      /kmsKeyArn must be a key of account 123456789012 in eu-central-1, the environment's, received arn:.*:999999999999:/,
    ],
    [
      { tags: { provider: "mine" } },
      /tags\.provider must be the name of a tag, .* none of app, provider, environment/,
    ],
    [{ tags: { "aws:mine": "x" } }, /must be the name of a tag, not begin with aws:/],
    [{ tags: { Provider: "mine" } }, /tags\.Provider must be the name of a tag, .* in whichever case/],
    [{ tags: { "sst:stage": "x" } }, /must be the name of a tag, not begin with aws: or sst:/],
    [{ tags: { team: "a", Team: "b" } }, /tags must name each tag once: IAM takes names that differ in case/],
    [{ tags: { a: "", b: "", c: "", d: "", e: "", f: "" } }, /tags must be at most 5 tags, received {"a":/],
    [
      { permissionsBoundaryArn: "arn:aws:iam::999999999999:policy/boundary" },
      /permissionsBoundaryArn must be a policy of account 123456789012, the environment's, received arn:aws:iam::999999999999/,
    ],
    [{ tags: { team: 7 } }, /tags\.team must be a text/],
    [
      { retention: { logDays: 31 } },
      /retention\.logDays must be a number of days that CloudWatch knows: 1, 3, 5/,
    ],
    [{ retention: { recoveryDays: 36 } }, /retention\.recoveryDays must be a whole number from 1 to 35/],
    [{ without: "demo" }, /without must be a list of providers' ids/],
    [{ providers: { demo: 7 } }, /providers\.demo must be an object of a provider's options/],
    [{ providers: { demo: { id: "acme" } } }, /providers\.demo must not change the id/],
    [{ acount: 1 }, /acount is not an option/],
  ])("%j", (wrong, message) => {
    const file = Object.keys(wrong).length === 0 ? {} : { ...LEAST, ...wrong };
    expect(() => read(file)).toThrow(message);
    expect(() => read(file)).toThrow(/^Environment environments\/staging\.json is invalid:\n {2}/);
    expect(() => read(file)).toThrow(expect.objectContaining({ code: "environment-file-invalid" }));
  });

  test("a file whose name can't be a part of names", () => {
    expect(() => read(LEAST, "My-Env")).toThrow(
      /environments\/My-Env\.json is invalid:\n {2}the file's name must be 1 to 21/,
    );
  });
});
