import { textTable } from "../lab/tables.ts";
import { holdFigures, holdTable } from "./hold-figures.ts";
import { pinFigures, pinTable } from "./pin-figures.ts";
import { quotaFigures, quotaTable } from "./quota-figures.ts";
import { windowFigures, windowTable } from "./window-figures.ts";

const print = (text: string) => process.stdout.write(`${text}\n`);

print(textTable(quotaTable(await quotaFigures(6_000))));
print(textTable(windowTable(await windowFigures(8))));
print(textTable(holdTable(await holdFigures(30_000, 4))));
print(
  textTable(
    pinTable([
      ["ended by itself", await pinFigures(false)],
      ["resumed", await pinFigures(true)],
    ]),
  ),
);
