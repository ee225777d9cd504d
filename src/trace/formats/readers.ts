import { unreachable } from "#base";
import type { BlockId } from "../blocks/id-list.ts";
import type { Faults } from "../reading/faults.ts";
import type { Lines } from "../reading/lines.ts";
import type { TraceConventions, TraceFormat } from "../request.ts";
import { azureFormat } from "./azure.ts";
import { burstGptFormat } from "./burstgpt.ts";
import { type CsvFormat, csvReader } from "./csv.ts";
import { dynamoRequestReader } from "./dynamo-request.ts";
import { type JsonRowReader, jsonlReader } from "./jsonl.ts";
import { mooncakeRow } from "./mooncake.ts";
import { qwenBailianReader } from "./qwen-bailian.ts";
import { rackproofReader } from "./rackproof.ts";
import type { RowResult } from "./row.ts";

/** Reads a file of one format, and knows afterwards what the file itself said of its conventions. */
export type FormatReader = {
  read(lines: Lines): void;
  /** What the file settled: all of it for the project's own format, the block size for Dynamo's. */
  conventions(): Partial<TraceConventions>;
  /** The start that the file names; null where it is the first row's. */
  origin(): string | null;
  /** The source's id for the id that a row has. */
  nameOf(id: BlockId): BlockId;
};

type Take = (row: RowResult) => void;

const itself = (id: BlockId): BlockId => id;

const plain = (read: (lines: Lines) => void): FormatReader => ({
  read,
  conventions: () => ({}),
  origin: () => null,
  nameOf: itself,
});

const csv = (format: CsvFormat, faults: Faults, take: Take): FormatReader =>
  plain(csvReader(format, faults, take));

const jsonl = (rowOf: JsonRowReader, faults: Faults, take: Take): FormatReader =>
  plain(jsonlReader(rowOf, faults, take));

const dynamo = (faults: Faults, take: Take): FormatReader => {
  const reader = dynamoRequestReader();
  return {
    ...jsonl(reader.rowOf, faults, take),
    conventions: () => ({ blockTokens: reader.blockTokens() }),
  };
};

const own = (faults: Faults, take: Take): FormatReader => {
  const reader = rackproofReader();
  return {
    ...jsonl(reader.rowOf, faults, take),
    conventions: () => reader.header()?.conventions ?? {},
    origin: () => reader.header()?.origin ?? null,
    nameOf: reader.idOf,
  };
};

/** Starts reading a file of `format`. `take` is given what each line came to, with `faults.line` set. */
export const formatReader = (format: TraceFormat, faults: Faults, take: Take): FormatReader => {
  switch (format) {
    case "rackproof":
      return own(faults, take);
    case "mooncake":
      return jsonl(mooncakeRow, faults, take);
    case "azure-2023":
      return csv(azureFormat("none", []), faults, take);
    case "azure-2024":
      return csv(azureFormat("named", []), faults, take);
    case "azure-2025":
      return csv(azureFormat("named", ["NumImages"]), faults, take);
    case "burstgpt":
      return csv(burstGptFormat, faults, take);
    case "qwen-bailian":
      return jsonl(qwenBailianReader(), faults, take);
    case "dynamo-request":
      return dynamo(faults, take);
    default:
      return unreachable(format);
  }
};
