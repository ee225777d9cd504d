import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { InputError, type Issue } from "#base";
import { printable } from "#report";
import type { Store } from "#store";
import { type GenerateOptions, generatedLines, LAYOUTS, SHAPE_NAMES } from "#trace";
import { command, nothing, option, optionOr } from "../command.ts";
import { WRITE, withStore } from "../database.ts";
import { EXIT } from "../exit.ts";
import { type Imported, importFile } from "../import-file.ts";
import { oneOf, text, wholeNumber } from "../kinds.ts";
import { writeLines } from "../output.ts";
import { counted, printJson, remark } from "../print.ts";
import { provenanceOf } from "../trace-json.ts";
import type { World } from "../world.ts";

const OPTIONS = {
  shape: optionOr(
    oneOf("SHAPE", SHAPE_NAMES),
    "mooncake-conversation",
    `one of ${SHAPE_NAMES.join(", ")}`,
  ),
  requests: optionOr(wholeNumber("N", 1), 1000, "how many requests"),
  seed: optionOr(wholeNumber("N", Number.MIN_SAFE_INTEGER), 1, "another seed, another trace"),
  layout: optionOr(
    oneOf("LAYOUT", LAYOUTS),
    "rackproof",
    `how it is written, one of ${LAYOUTS.join(", ")}; only rackproof loses nothing`,
  ),
  output: option(text("FILE"), "where to (default: stdout); compressed when it ends in .gz"),
  importAs: option(text("NAME"), "store it as a trace of this name, instead"),
};

/** Imports the trace as its file would be, so that the file is recognised when it comes. */
const importGenerated = async (
  store: Store,
  name: string,
  options: GenerateOptions,
  world: World,
): Promise<Imported> => {
  const folder = mkdtempSync(join(tmpdir(), "rackproof-"));
  try {
    const file = join(folder, `${options.shape}-${options.requests}-${options.seed}.jsonl`);
    await writeLines(world, file, generatedLines(options, "rackproof"));
    const reading = { format: "rackproof", skipBadRows: false, reorder: false } as const;
    return await world.interruptible((signal) =>
      importFile(store, file, name, reading, { signal, progress: () => undefined }),
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
};

/** Makes a trace. */
export const generate = command({
  description:
    "Makes a trace of a shape: lengths, arrivals and shared prefixes as in a published trace, or chosen to be hard. The same shape, number and seed give the same bytes on every machine.",
  operand: nothing,
  options: OPTIONS,
  examples: [
    {
      line: "rackproof generate --shape sessions --requests 10_000 --seed 7 --import-as sessions",
      does: "straight into the database",
    },
    {
      line: "rackproof generate --shape azure-code --layout azure-2023 --output code.csv",
      does: "a file as Azure publishes them",
    },
  ],
  async run(args, world) {
    const { shape, requests, seed, layout, output, importAs } = args;
    const issues: Issue[] = [];
    const exclude = (isWrong: boolean, message: string): void => {
      if (isWrong) issues.push({ code: "CLI-5", message });
    };
    const stores = importAs !== undefined;
    exclude(stores && output !== undefined, "--output and --import-as must not be given together");
    exclude(stores && layout !== "rackproof", "--layout must not be given with --import-as");
    if (issues.length > 0) throw new InputError(issues);

    const options = { shape, requests, seed };
    if (stores) {
      const { kind, trace } = await withStore(args, WRITE, (store) =>
        importGenerated(store, importAs, options, world),
      );
      const what = kind === "same" ? "already stored as" : "stored as";
      if (args.json) printJson(world, { outcome: kind, ...provenanceOf(trace) });
      else {
        const made = `${counted(requests, "request")} of shape ${shape}, seed ${seed}`;
        world.out(`${made}: ${what} ${printable(trace.name)}\n`);
      }
      return EXIT.ok;
    }
    await writeLines(world, output, generatedLines(options, layout));
    if (output === undefined) return EXIT.ok;
    if (args.json) printJson(world, { ...options, layout, output });
    else remark(world, args, `wrote ${counted(requests, "request")} to ${output}`);
    return EXIT.ok;
  },
});
