import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";

/**
 * What a figure is held against: a bare program that does the least that the same job needs. Its script is text, run by a Node of its own, so
 * that it loads nothing of Rackproof and its start is as quick as a start can be.
 */
export type Bound = {
  readonly name: string;
  /** What it does, in one sentence. */
  readonly about: string;
  /** An ES module; its arguments start at `process.argv[1]`. It may print how many milliseconds of it count. */
  readonly script: string;
};

/** Reads lines of a file in constant memory; `each` is run with `line`. */
const eachLine = (file: string, end: string, each: string): string => `
let rest = "";
for await (const chunk of createReadStream(${file}, { encoding: "utf8" })) {
  const lines = (rest + chunk).split(${JSON.stringify(end)});
  rest = lines.pop();
  for (const line of lines) { ${each} }
}
for (const line of rest === "" ? [] : [rest]) { ${each} }`;

/** Arguments: the JSONL file. */
export const ROW_SCAN: Bound = {
  name: "row scan",
  about: "reads the file and parses each line as JSON",
  script: `
import { createReadStream } from "node:fs";
${eachLine("process.argv[1]", "\n", "JSON.parse(line);")}
`,
};

/** Arguments: better-sqlite3's address, the CSV file, a new database. */
export const ROW_INSERT: Bound = {
  name: "row insert",
  about:
    "splits each line at its commas and inserts it by better-sqlite3, in one transaction and unchecked",
  script: `
import { createReadStream } from "node:fs";
const { default: Database } = await import(process.argv[1]);
const db = new Database(process.argv[3]);
db.pragma("journal_mode = WAL");
db.exec("CREATE TABLE rows (at TEXT, input INTEGER, output INTEGER); BEGIN");
const insert = db.prepare("INSERT INTO rows VALUES (?, ?, ?)");
${eachLine(
  "process.argv[2]",
  "\r\n",
  'const [at, input, output] = line.split(","); insert.run(at, Number(input), Number(output));',
)}
db.exec("COMMIT");
db.close();
`,
};

/** Arguments: how many keys, how many probes. Prints the milliseconds of the probes. */
export const PROBES: Bound = {
  name: "bare probes",
  about:
    "probes one open-addressing table in a typed array as often as the figure has block operations, over as many keys as it has blocks; a key that is missing is entered",
  script: `
const [keys, count] = process.argv.slice(1).map(Number);
const bits = Math.max(4, Math.ceil(Math.log2(keys * 1.5)));
const table = new Uint32Array(2 ** bits);
const probe = () => {
  const [mask, shift] = [table.length - 1, 32 - bits];
  let found = 0;
  let key = 0;
  for (let done = 0; done < count; done += 1) {
    key = key === keys ? 1 : key + 1;
    let at = Math.imul(key, 0x9e3779b1) >>> shift;
    while (table[at] !== 0 && table[at] !== key) at = (at + 1) & mask;
    if (table[at] === key) found += 1;
    else table[at] = key;
  }
  return found;
};
const startMs = performance.now();
probe();
process.stdout.write(String(performance.now() - startMs));
`,
};

/** Arguments: fast-check's address, how many cases. */
export const DRAWS: Bound = {
  name: "bare draws",
  about:
    "lets fast-check draw as many lists of numbers as the properties and their mutants see cases, and looks at none",
  script: `
const { default: fc } = await import(process.argv[1]);
fc.assert(fc.property(fc.array(fc.nat()), () => true), { numRuns: Number(process.argv[2]), seed: 1 });
`,
};

/** No arguments. */
export const NOTHING: Bound = {
  name: "bare node",
  about: "starts Node and does nothing",
  script: "0",
};

const require = createRequire(import.meta.url);

/** Where a package lies, as a script can import it. */
export const addressOf = (name: string): string => pathToFileURL(require.resolve(name)).href;
