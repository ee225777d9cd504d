import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Json } from "#base";
import { decimals, showCount, showRatio, table } from "#report";
import { readCatalogue } from "#trace";
import { command, nothing } from "../command.ts";
import { EXIT } from "../exit.ts";
import { PLACES } from "../places.ts";
import { printRows } from "../print.ts";

const FILE = "traces/catalogue.csv";

/** The public traces that can be imported. */
export const catalogue = command({
  description:
    "Lists the public request traces that Rackproof reads: where each is published, under which licence, and what it must measure once imported. None of them comes with Rackproof, and nothing is fetched.",
  operand: nothing,
  options: {},
  examples: [
    { line: "rackproof catalogue", does: "what there is" },
    { line: "rackproof catalogue --json", does: "the same with checksums and sources" },
  ],
  async run(args, world) {
    const entries = readCatalogue(readFileSync(join(PLACES.root, FILE), "utf8"), FILE);
    const listed = table({
      columns: [
        { name: "name", title: "Trace" },
        { name: "format", title: "Format" },
        { name: "rows", title: "Rows", align: "right", show: showCount },
        {
          name: "input",
          title: "Input mean",
          align: "right",
          show: (tokens) => decimals(tokens, 0),
        },
        {
          name: "output",
          title: "Output mean",
          align: "right",
          show: (tokens) => decimals(tokens, 0),
        },
        { name: "hit", title: "Ideal hit", align: "right", show: showRatio },
        { name: "licence", title: "Licence" },
        { name: "where", title: "Where" },
      ],
      rows: entries.map((entry) => ({
        name: entry.name,
        format: entry.format,
        rows: entry.rows,
        input: entry.inputTokensMean,
        output: entry.outputTokensMean,
        hit: entry.idealPrefixHit,
        licence: entry.licence,
        where: entry.where,
      })),
      empty: "The catalogue is empty.",
    });
    printRows(world, args, entries as unknown as Json, listed);
    return EXIT.ok;
  },
});
