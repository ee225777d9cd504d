import { type Fact, fact, inDocument, published, reading } from "./fact.ts";

/** The names of the number formats that weights and KV can be stored in. */
export type FormatName = "fp4" | "fp8" | "fp16" | "bf16" | "int4";

/** How a number is stored, and at which of a GPU's peaks a matrix product with such weights runs. */
export type NumberFormat = {
  readonly name: FormatName;
  /** Whole or half: a four-bit number takes half a byte. Scales of blocks are not counted. */
  readonly bytesPerValue: Fact<number>;
  /** The format of the tensor cores that weights in this format are multiplied in. */
  readonly computesAs: Fact<"fp4" | "fp8" | "fp16">;
};

const code = inDocument("decode throughput code: bytes a parameter and peak by format");
const bits = reading("sixteen bits, as its name says; the document does not speak of it");
const sameCores = published(
  "https://glennklockwood.com/garden/processors/b200, FP16 and BF16 have one peak",
);

/** Every number format, narrowest first. */
export const FORMATS: readonly NumberFormat[] = [
  { name: "fp4", bytesPerValue: fact(0.5, code), computesAs: fact("fp4", code) },
  {
    name: "int4",
    bytesPerValue: fact(0.5, code),
    computesAs: fact(
      "fp16",
      reading("the document's code has no peak for INT4 and falls back on FP16"),
    ),
  },
  { name: "fp8", bytesPerValue: fact(1, code), computesAs: fact("fp8", code) },
  { name: "fp16", bytesPerValue: fact(2, code), computesAs: fact("fp16", code) },
  { name: "bf16", bytesPerValue: fact(2, bits), computesAs: fact("fp16", sameCores) },
];
