import type { Json } from "#base";
import type { TraceSource, TraceStatistics } from "#trace";
import { csvFile, fileName, markdownFile, page, type ReportFile } from "./document.ts";
import { type JsonObject, measureTable } from "./measures.ts";
import { showSize } from "./show.ts";
import { type Table, table } from "./table.ts";

/** Where a trace came from, without the names that its numbers stand for. */
type Provenance = Omit<TraceSource, "models" | "sessions" | "blockIds">;

/** A trace's origin as plain JSON, as `rackproof trace --json` prints it: everything needed to read the file again. */
export const provenance = (source: Provenance): JsonObject => ({
  file: source.file,
  sha256: source.sha256,
  size_bytes: source.sizeBytes,
  compressed: source.compressed,
  format: source.format,
  because: source.because,
  conventions: {
    block_tokens: source.conventions.blockTokens,
    ids: source.conventions.ids,
    id_scope: source.conventions.idScope,
    last_block: source.conventions.lastBlock,
    session_rows: source.conventions.sessionRows,
    zero_output: source.conventions.zeroOutput,
  },
  origin: source.origin,
  importer_version: source.importerVersion,
});

/** Where a trace came from and how it was read, for people. */
export const provenanceTable = (source: TraceSource): Table => {
  const { conventions } = source;
  const blocks =
    conventions.blockTokens === null
      ? "none"
      : `${conventions.blockTokens} tokens, ids ${conventions.ids} within the ${conventions.idScope}, last block ${conventions.lastBlock}`;
  return table({
    columns: [
      { name: "what", title: "What" },
      { name: "value", title: "Value" },
    ],
    rows: [
      { what: "file", value: source.file },
      { what: "sha256", value: source.sha256 },
      { what: "size", value: showSize(source.sizeBytes) },
      { what: "format", value: `${source.format}${source.compressed ? ", compressed" : ""}` },
      { what: "taken for it because", value: source.because },
      { what: "blocks", value: blocks },
      { what: "session rows", value: conventions.sessionRows },
      { what: "0 output tokens", value: conventions.zeroOutput },
      { what: "first arrival", value: source.origin },
      { what: "models", value: source.models.length === 0 ? "none" : source.models.join(", ") },
    ],
    empty: "Nothing is known of its origin.",
  });
};

/** A trace's figures as a table. */
export const statisticsTable = (statistics: TraceStatistics): Table =>
  measureTable(statistics as unknown as Record<string, Json>);

/** One trace: its figures as CSV, and as Markdown with where it came from. */
export const traceReport = (
  name: string,
  statistics: TraceStatistics,
  source: TraceSource,
): readonly ReportFile[] => {
  const path = `traces/${fileName(name)}`;
  const figures = statisticsTable(statistics);
  return [
    csvFile(path, figures),
    markdownFile(
      path,
      page(`Trace ${name}`, "What the requests of this trace are like, and where they came from.", [
        {
          title: "Figures",
          about:
            "Percentiles are nearest-rank. A hit is a block reference that a cache of so many blocks would have answered.",
          table: figures,
        },
        {
          title: "Origin",
          about: "How it was read: the same file read so again gives the same requests.",
          table: provenanceTable(source),
        },
      ]),
    ),
  ];
};
