import { type Fact, fact, inDocument, reading } from "./fact.ts";
import type { GpuName } from "./gpu.ts";
import type { ModelName } from "./model.ts";
import type { FormatName } from "./number-format.ts";

/** One column of the document's end-to-end table: a configuration, and the throughput stated for it. */
export type EndToEnd = {
  readonly model: Fact<ModelName>;
  readonly weightFormat: Fact<FormatName>;
  readonly kvFormat: Fact<FormatName>;
  readonly tp: Fact<number>;
  /** Tokens prefilled at once. */
  readonly prefillTokens: Fact<number>;
  readonly prefillTokensPerSecond: Fact<number>;
  /** Requests that decode together. */
  readonly decodeBatch: Fact<number>;
  /** The context of each of them. */
  readonly decodeContextTokens: Fact<number>;
  readonly decodeTokensPerSecond: Fact<number>;
  /** The context of each of the sessions that are counted. */
  readonly sessionTokens: Fact<number>;
  /** The tokens of the KV block that is moved. */
  readonly blockTokens: Fact<number>;
};

const table = (where: string) => inDocument(`end-to-end table: ${where}`);

const common = {
  model: fact<ModelName>("llama-405b", table("title")),
  tp: fact(8, table("column heads")),
  prefillTokens: fact(
    4000,
    reading("4K input is 4,000 tokens: at 82,000 tokens/s they take the stated TTFT of 49 ms"),
  ),
  decodeBatch: fact(256, table("decode row")),
  decodeContextTokens: fact(
    4000,
    reading("the decode row states no context: it is taken to be the 4K input of the prefill row"),
  ),
  sessionTokens: fact(128_000, inDocument("KV capacity table: note on sessions")),
  blockTokens: fact(
    16,
    reading("the block of 5.24 MB that the document moves is 16 tokens of Llama 70B in FP16"),
  ),
} as const;

/** The end-to-end table, by GPU. Both profiles have it: efficiency is what is stated, against the profile's own roofline. */
export const END_TO_END: Readonly<Record<GpuName, EndToEnd>> = {
  b200: {
    ...common,
    weightFormat: fact("fp4", table("column head of the NVL72 replica")),
    kvFormat: fact("fp8", inDocument("KV capacity table: configuration of the NVL72")),
    prefillTokensPerSecond: fact(82_000, table("prefill row, NVL72 replica")),
    decodeTokensPerSecond: fact(14_800, table("decode row, NVL72 replica")),
  },
  h100: {
    ...common,
    weightFormat: fact("fp8", table("column head of the 8 H100")),
    kvFormat: fact("fp16", inDocument("KV capacity table: configuration of the 8 H100")),
    prefillTokensPerSecond: fact(18_200, table("prefill row, 8 H100")),
    decodeTokensPerSecond: fact(4100, table("decode row, 8 H100")),
  },
};
