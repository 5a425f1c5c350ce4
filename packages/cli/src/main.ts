import { runCommand } from "@sluice/sim/command";
import { sluice } from "./program.ts";
import { systemSurroundings } from "./system-surroundings.ts";
import { EXIT } from "./verbs/verb.ts";

await runCommand((args) => sluice(args, systemSurroundings()), {
  unreachable: EXIT.badNews,
  "enqueue-interrupted": EXIT.badNews,
});
