import { availableParallelism } from "node:os";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { lawSetupsNamed } from "./laws.ts";
import { parseLabOptions } from "./options.ts";
import { readQuickScenarios, readScenarios } from "./scenario-files.ts";

describe("the lab's command line", () => {
  let printed = "";
  beforeEach(() => {
    printed = "";
    const print = (text: string | Uint8Array) => {
      printed += text;
      return true;
    };
    vi.spyOn(process.stderr, "write").mockImplementation(print);
    vi.spyOn(process.stdout, "write").mockImplementation(print);
  });
  afterEach(() => {
    vi.restoreAllMocks();
  });

  function exitCodeOf(...args: string[]): number | undefined {
    try {
      parseLabOptions(args);
      return undefined;
    } catch (thrown) {
      return (thrown as { exitCode: number }).exitCode;
    }
  }

  it("has a default for everything", () => {
    const defaults = {
      scenario: [],
      law: [],
      seeds: 5,
      baselineSeeds: 1,
      quick: false,
      json: false,
      from: 1,
      below: 0.75,
      tries: 200,
    };
    expect(parseLabOptions([])).toEqual({ ...defaults, jobs: availableParallelism() });
  });

  it("takes several files and laws, and a page with or without a name", () => {
    const args = [
      "--scenario",
      "a.json",
      "b.json",
      "--law",
      "aimd",
      "fixed",
      "--seeds",
      "4",
      "--baseline-seeds",
      "2",
      "--html",
    ];
    expect(parseLabOptions(args)).toEqual({
      scenario: ["a.json", "b.json"],
      law: ["aimd", "fixed"],
      seeds: 4,
      baselineSeeds: 2,
      quick: false,
      json: false,
      from: 1,
      below: 0.75,
      tries: 200,
      jobs: availableParallelism(),
      html: "lab-report.html",
    });
    expect(parseLabOptions(["--html", "x.html"]).html).toBe("x.html");
  });

  it("runs one seed when it is to be quick", () => {
    expect(parseLabOptions(["--quick", "--json"])).toMatchObject({ quick: true, seeds: 1, json: true });
  });

  it("runs drawn scenarios once", () => {
    expect(parseLabOptions(["--random", "3", "--from", "7", "--jobs", "1"])).toMatchObject({
      random: 3,
      from: 7,
      jobs: 1,
      seeds: 1,
      baselineSeeds: 1,
    });
  });

  it("shrinks one drawn scenario", () => {
    const args = ["--shrink", "7", "--below", "0.9", "--tries", "30", "--law", "aimd", "--json"];
    expect(parseLabOptions(args)).toMatchObject({
      shrink: 7,
      below: 0.9,
      tries: 30,
      law: ["aimd"],
      json: true,
    });
  });

  it("replays the events of a file, or of a pipe", () => {
    const args = [
      "--replay",
      "-",
      "--provider",
      "acme.json",
      "--save",
      "day.json",
      "--law",
      "aimd",
      "--seeds",
      "2",
    ];
    expect(parseLabOptions(args)).toMatchObject({
      replay: "-",
      provider: "acme.json",
      save: "day.json",
      law: ["aimd"],
      seeds: 2,
    });
  });

  it.each([
    ["--random <n>", "3"],
    ["--scenario <file...>", "a.json"],
    ["--quick"],
    ["--from <seed>", "3"],
    ["--seeds <n>", "3"],
    ["--html [file]"],
  ])("refuses to shrink together with %s, and names both", (flags, ...value) => {
    expect(exitCodeOf("--shrink", "7", flags.replace(/ .*/, ""), ...value)).toBe(2);
    expect(printed).toContain(`'--shrink <seed>' cannot be used with option '${flags}'`);
  });

  it.each([
    [["--random", "0"], "from 1 to 100000"],
    [["--random", "3", "--seeds", "2"], "cannot be used with"],
    [["--random", "3", "--scenario", "a.json"], "cannot be used with"],
    [["--random", "3", "--quick"], "cannot be used with"],
    [["--from", "0"], "from 1 to"],
    [["--shrink", "0"], "from 1 to"],
    [["--shrink", "7", "--below", "0"], "above 0, at most 1"],
    [["--shrink", "7", "--below", "1.5"], "above 0, at most 1"],
    [["--shrink", "7", "--tries", "0"], "from 1 to"],
    [["--below", "0.5"], "'--below <goodput>' can only be used with option '--shrink <seed>'"],
    [["--random", "3", "--tries", "9"], "can only be used with option '--shrink <seed>'"],
    [["--replay", "a.json", "--scenario", "b.json"], "cannot be used with"],
    [["--replay", "a.json", "--quick"], "cannot be used with"],
    [["--shrink", "7", "--replay", "a.json"], "cannot be used with"],
    [["--provider", "demo"], "'--provider <file>' can only be used with option '--replay <file>'"],
    [["--save", "x.json"], "'--save <file>' can only be used with option '--replay <file>'"],
    [["--seeds", "0"], "from 1 to 1000"],
    [["--seeds", "two"], "from 1 to 1000"],
    [["--quick", "--seeds", "2"], "cannot be used with"],
    [["--quick", "--scenario", "a.json"], "cannot be used with"],
    [["--nonsense"], "unknown option"],
    [["extra"], "too many arguments"],
  ])("refuses %j, says why and shows its usage", (args, why) => {
    expect(exitCodeOf(...args)).toBe(2);
    expect(printed).toContain(why);
    expect(printed).toContain("Usage: npm run lab --");
  });

  it("explains itself", () => {
    expect(exitCodeOf("--help")).toBe(0);
    expect(printed).toContain("--scenario <file...>");
  });
});

describe("what the lab is given", () => {
  it("refuses a law that it does not know, and names those that it does", () => {
    expect(() => lawSetupsNamed(["aimd", "pid"])).toThrow(/no law "pid": choose from sluice, .*aimd/);
    expect(lawSetupsNamed([]).map(({ name }) => name)).toContain("original");
    expect(lawSetupsNamed([]).map(({ name }) => name)).not.toContain("aimd-failures");
    expect(lawSetupsNamed(["fixed", "sluice"]).map(({ name }) => name)).toEqual(["sluice", "fixed"]);
  });

  it("says which scenario can't be read", async () => {
    await expect(readScenarios(["/no/such.json"])).rejects.toThrow("/no/such.json does not exist");
    await expect(readScenarios([import.meta.dirname])).rejects.toThrow("holds no .json file");
    await expect(readScenarios([import.meta.filename])).rejects.toThrow("is invalid");
  });

  it("comes with scenarios, of which the quick ones are a part", async () => {
    const [all, quick] = await Promise.all([readScenarios([]), readQuickScenarios()]);
    expect(all.length).toBeGreaterThan(quick.length);
    const names = new Set(all.map(({ name }) => name));
    expect(quick.every(({ name }) => names.has(name))).toBe(true);
  });
});
