import { demoProvider } from "@sluice/testing/demo-provider";
import { expect, test } from "vitest";
import { parseEnvironment } from "./parse-environment.ts";
import { oversubscribed } from "./shared-limit.ts";

const DEMO = demoProvider();

const URL = "https://acme.example/v1";
const at = (maxConcurrency: number, url: string | undefined = URL, name = "http-json") => ({
  ...DEMO,
  id: "acme",
  maxConcurrency,
  worker: {
    ...DEMO.worker,
    name,
    environment: url === undefined ? {} : { PROVIDER_BASE_URL: url },
  },
});
const contract = at(8);

const environment = (name: string) =>
  parseEnvironment({ accountId: "123456789012", region: "eu-central-1" }, name, `environments/${name}.json`);
const having = (parts: Record<string, ReturnType<typeof at>>) =>
  Object.entries(parts).map(([name, provider]) => ({ environment: environment(name), provider }));

test("two environments at one address that share X are fine, and one request more is refused", () => {
  expect(oversubscribed(contract, having({ production: at(6), trial: at(2) }))).toEqual([]);
  const [problem = "", ...others] = oversubscribed(contract, having({ production: at(6), trial: at(3) }));
  expect(others).toEqual([]);
  expect(problem).toContain(
    "acme allows 8 requests at once, and its environments at https://acme.example/v1 take 9: production 6, trial 3",
  );
  expect(problem).toContain("providers.acme.maxConcurrency");
});

test("one environment by itself may not take more than the contract allows, either", () => {
  expect(oversubscribed(contract, having({ production: at(8) }))).toEqual([]);
  expect(oversubscribed(contract, having({ production: at(9) }))).toHaveLength(1);
});

test("the same address in other words is the same", () => {
  expect(oversubscribed(contract, having({ production: at(8), trial: at(1, `${URL}/`) }))).toHaveLength(1);
});

test("another address is another API, with an X of its own; whoever shares it shares the contract's", () => {
  const sandbox = "https://sandbox.acme.example";
  expect(oversubscribed(contract, having({ production: at(8), staging: at(20, sandbox) }))).toEqual([]);
  expect(oversubscribed(contract, having({ test: at(5, sandbox), staging: at(4, sandbox) }))).toHaveLength(1);
});

test("a dry run and the demo call nobody", () => {
  expect(oversubscribed(contract, having({ production: at(8), dryrun: at(8) }))).toEqual([]);
  const demo = { ...at(8, undefined, "demo"), worker: { ...DEMO.worker, name: "demo", environment: {} } };
  expect(oversubscribed(demo, having({ production: demo, staging: demo }))).toEqual([]);
});

test("a worker with its address in its code calls the same one everywhere", () => {
  const own = { ...at(8), worker: { ...at(8).worker, name: "acme", environment: {} } };
  expect(oversubscribed(own, having({ production: own, staging: own }))).toHaveLength(1);
});
