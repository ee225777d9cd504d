import { CsvError, parse } from "csv-parse/sync";
import { InputError, type Issue, shown } from "#base";
import { type Fact, figures, type Reference } from "#spec";

/** How a figure stands beside what is public. */
export const STANDINGS = {
  contradicted: "a publication says otherwise",
  unsupported: "no publication was found that says so",
  confirmed: "a publication says the same",
  ambiguous: "it can be read either way",
  unstated: "a publication says it, the document does not",
} as const;

/** How a figure stands beside what is public. */
export type Standing = keyof typeof STANDINGS;

/** A remark on a given figure, apart from any verdict: what is public of it, and what follows. */
export type Note = {
  /** The address of the figure that it is about. */
  readonly figure: string;
  readonly topic: string;
  readonly says: string;
  readonly standing: Standing;
  /** What the document has; undefined where it says nothing. */
  readonly document: Fact<unknown> | undefined;
  /** What is public, with its source, or why nothing is. */
  readonly datasheet: Fact<unknown>;
};

type Row = Readonly<Record<string, string>>;

const rowsOf = (csv: string, file: string): readonly { record: Row; info: { lines: number } }[] => {
  try {
    return parse(csv, { bom: true, columns: true, info: true, skip_empty_lines: true });
  } catch (thrown) {
    if (!(thrown instanceof CsvError)) throw thrown;
    throw new InputError([
      { code: "CLAIM-1", message: `notes must be CSV, found: ${thrown.message}`, file },
    ]);
  }
};

/** Whether a standing is what the two profiles say. */
const isSo = (
  standing: Standing,
  document: Fact<unknown> | undefined,
  datasheet: Fact<unknown>,
): boolean => {
  if (document === undefined) return standing === "unstated";
  if (standing === "ambiguous") return true;
  if (datasheet.source.kind !== "public") return standing === "unsupported";
  return standing === (document.value === datasheet.value ? "confirmed" : "contradicted");
};

/**
 * Reads notes: CSV with the columns figure, topic, says, standing. Each is about a figure of the profile `datasheet`, and its standing must be what
 * their sources say. Throws an `InputError` (CLAIM-1, CLAIM-2, CLAIM-5) with every fault.
 */
export const readNotes = (
  csv: string,
  file: string,
  document: Reference,
  datasheet: Reference,
): readonly Note[] => {
  const issues: Issue[] = [];
  const byAddress = (reference: Reference) =>
    new Map(figures(reference).map(({ address, fact }) => [address, fact]));
  const [stated, known] = [byAddress(document), byAddress(datasheet)];
  const notes = rowsOf(csv, file).flatMap(({ record, info }): readonly Note[] => {
    const complain = (code: Issue["code"], message: string): readonly Note[] => {
      issues.push({ code, message, file, line: info.lines });
      return [];
    };
    const { figure = "", topic = "", says = "" } = record;
    const standing = (Object.keys(STANDINGS) as Standing[]).find(
      (name) => name === record["standing"],
    );
    const [ours, theirs] = [stated.get(figure), known.get(figure)];
    if (standing === undefined)
      return complain(
        "CLAIM-2",
        `a standing must be one of ${Object.keys(STANDINGS).join(", ")}, found ${shown(record["standing"])}`,
      );
    if (theirs === undefined)
      return complain(
        "CLAIM-5",
        `a note must be about a figure of the profile datasheet, found ${shown(figure)}`,
      );
    if (!isSo(standing, ours, theirs))
      return complain(
        "CLAIM-2",
        `the standing of ${figure} must be what the sources say, found ${standing} with ${String(ours?.value)} and ${String(theirs.value)}`,
      );
    return [{ figure, topic, says, standing, document: ours, datasheet: theirs }];
  });
  if (issues.length > 0) throw new InputError(issues);
  return notes;
};
