import { relative, resolve } from "node:path";
import { InputError, type Issue, type Json, shown } from "#base";
import { printable, showCount, showDuration } from "#report";
import type { Store } from "#store";
import { type ReadOptions, TRACE_FORMATS } from "#trace";
import { type Args, command, flag, many, option, optionOr } from "../command.ts";
import { complain } from "../complain.ts";
import { WRITE, withStore } from "../database.ts";
import { EXIT } from "../exit.ts";
import { type Imported, importFile, nameOfFile } from "../import-file.ts";
import { oneOf, text, wholeNumber, window } from "../kinds.ts";
import { counted, printJson, remark } from "../print.ts";
import { progressBar } from "../progress.ts";
import { provenanceOf } from "../trace-json.ts";
import type { World } from "../world.ts";

const OPTIONS = {
  name: option(text("NAME"), "the trace's name (default: the file's, without its ending)"),
  format: optionOr(
    oneOf("FORMAT", ["auto", ...TRACE_FORMATS]),
    "auto",
    `one of ${TRACE_FORMATS.join(", ")}; auto tells it by the header or the field names and says why`,
  ),
  blockTokens: option(wholeNumber("N", 1), "tokens a block, where the file does not say"),
  ids: option(
    oneOf("HOW", ["chained", "unchained"]),
    "whether an id names its whole prefix or its own tokens only: chained or unchained",
  ),
  idScope: option(
    oneOf("SCOPE", ["file", "session"]),
    "how far an id means the same: file or session",
  ),
  sessionRows: option(
    oneOf("HOW", ["whole", "delta"]),
    "whether a session's later row is the whole prompt or only the new turn: whole or delta",
  ),
  window: option(
    window("FROM:TO"),
    "read only what arrives from FROM to before TO, for instance 10m:1h30m, counted from the first arrival",
  ),
  skipBadRows: flag("import the sound rows, and keep the faults of the others with the trace"),
  reorder: flag("take rows that stand out of order, and put them in order of arrival"),
};

const readOptions = (told: Args<readonly string[], typeof OPTIONS>): ReadOptions => ({
  format: told.format,
  blockTokens: told.blockTokens,
  ids: told.ids,
  idScope: told.idScope,
  sessionRows: told.sessionRows,
  skipBadRows: told.skipBadRows,
  reorder: told.reorder,
  fromNs: told.window?.fromNs,
  toNs: told.window?.toNs,
});

/** `; faulty rows passed over: 3`, for each kind of line that is not in the trace as it stood in the file. */
const leftOut = (imported: Imported): string => {
  if (imported.kind === "same") return "";
  const { rejectedRows, outsideWindow, otherLines, outOfOrder } = imported.counts;
  const notes: readonly (readonly [string, number])[] = [
    ["faulty rows passed over", rejectedRows],
    ["rows outside the window", outsideWindow],
    ["lines without a request", otherLines],
    ["rows put in order", outOfOrder],
  ];
  return notes
    .filter(([, count]) => count > 0)
    .map(([what, count]) => `; ${what}: ${showCount(count)}`)
    .join("");
};

const sentence = (imported: Imported, db: string): string => {
  const { name, file, format, because, requests, spanNs } = imported.trace;
  const what = `${counted(requests, "request")} over ${showDuration(spanNs)}`;
  return imported.kind === "same"
    ? `${name}: already in ${db}, the same file read in the same way; ${what}`
    : `${name}: ${what} from ${file}, read as ${format} because ${because}${leftOut(imported)}; stored in ${db}`;
};

const jsonOf = (imported: Imported): Json => ({
  outcome: imported.kind,
  ...provenanceOf(imported.trace),
  ...(imported.kind === "imported" && {
    outside_window: imported.counts.outsideWindow,
    other_lines: imported.counts.otherLines,
  }),
});

type Job = {
  readonly file: string;
  readonly name: string;
  readonly options: ReadOptions;
};

const importOne = async (
  store: Store,
  { file, name, options }: Job,
  args: { readonly db: string; readonly quiet: boolean; readonly noProgress: boolean },
  world: World,
): Promise<Imported> => {
  const bar = await progressBar(world, args, printable(`reading ${file}`));
  const startMs = world.clock();
  try {
    const imported = await world.interruptible((signal) =>
      importFile(store, resolve(world.cwd, file), name, options, { signal, progress: bar.update }),
    );
    bar.stop();
    const tookNs = (world.clock() - startMs) * 1e6;
    remark(world, args, `${printable(file)} took ${showDuration(tookNs)}`);
    return imported;
  } finally {
    bar.stop();
  }
};

/** A file that is stored already keeps its name: a second one would promise a trace that is not there. */
const checkName = ({ kind, trace }: Imported, wanted: string | undefined, file: string): void => {
  if (kind === "imported" || wanted === undefined || wanted === trace.name) return;
  const message = `a file must be stored under one name, found --name ${shown(wanted)} for one that is stored as ${shown(trace.name)}, read in the same way`;
  throw new InputError([{ code: "STORE-4", message, file }]);
};

/** Imports one file after the other. A bad one is complained of and stops none of the others. */
const importAll = async (
  store: Store,
  args: Args<readonly string[], typeof OPTIONS>,
  world: World,
): Promise<{ readonly done: readonly Imported[]; readonly issues: readonly Issue[] }> => {
  const done: Imported[] = [];
  const issues: Issue[] = [];
  const db = relative(world.cwd, args.db) || args.db;
  const options = readOptions(args);
  for (const file of args.operand) {
    try {
      const job = { file, name: args.name ?? nameOfFile(file), options };
      const imported = await importOne(store, job, args, world);
      checkName(imported, args.name, file);
      done.push(imported);
      if (!args.json) world.out(`${printable(sentence(imported, db))}\n`);
    } catch (thrown) {
      if (!(thrown instanceof InputError)) throw thrown;
      issues.push(...thrown.issues);
      for (const issue of thrown.issues) complain(world, issue);
    }
  }
  return { done, issues };
};

/** Reads trace files into the database. */
export const importTraces = command({
  description:
    "Reads trace files, compressed with gzip or not, into the database, each in one transaction: whole or not at all. Says which format was recognised and why. A file that was imported before in the same way is recognised. Every faulty row is named with its line; nothing of such a file is stored, unless bad rows are to be skipped.",
  operand: many("FILE", "a trace file"),
  options: OPTIONS,
  examples: [
    { line: "rackproof import conversation.jsonl", does: "recognise the format" },
    {
      line: "rackproof import azure.csv --name code --skip-bad-rows",
      does: "pass over faulty rows; `rackproof trace code --rejects` lists them",
    },
    {
      line: "rackproof import burst.csv.gz --window 0:24h --session-rows whole",
      does: "the first day of a long trace",
    },
  ],
  async run(args, world) {
    const files = args.operand;
    if (args.name !== undefined && files.length > 1) {
      const message = `--name must be given with one FILE, found ${files.length}`;
      throw new InputError([{ code: "CLI-5", message }]);
    }
    const { done, issues } = await withStore(args, WRITE, (store) => importAll(store, args, world));
    if (args.json) {
      printJson(world, { imported: done.map(jsonOf), issues } as unknown as Json);
    }
    return issues.length === 0 ? EXIT.ok : EXIT.input;
  },
});
