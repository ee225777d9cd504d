import { InputError, shown } from "#base";
import { ENCODINGS, type Encoding, type EncodingName } from "./encoding.ts";
import { type Fact, fact, inDocument, published, reading } from "./fact.ts";

/** The names of the number formats that weights and KV can be stored in. */
export type FormatName = "fp4" | "fp8" | "fp16" | "bf16" | "int4";

/** How a number is stored, and at which of a GPU's peaks a matrix product with such weights runs. */
export type NumberFormat = {
  readonly name: FormatName;
  /** Whole or half: a four-bit number takes half a byte. Scales of blocks are not counted. */
  readonly bytesPerValue: Fact<number>;
  /** What its bits mean. */
  readonly encoding: Fact<EncodingName>;
  /** The format of the tensor cores that weights in this format are multiplied in. */
  readonly computesAs: Fact<"fp4" | "fp8" | "fp16">;
};

const code = inDocument("decode throughput code: bytes a parameter and peak by format");
const bits = reading("sixteen bits, as its name says; the document does not speak of it");
const sameCores = published(
  "https://glennklockwood.com/garden/processors/b200, FP16 and BF16 have one peak",
);
const namesake = reading("the encoding of the same name");
const shortest = inDocument("FP4 chapter: one sign, two exponent bits and one mantissa bit");
const fp8 = reading(
  "FP8 is E4M3, Transformer Engine's default (https://nvidia.github.io/TransformerEngine/features/low_precision_training/mxfp8/mxfp8.html): the document does not say which",
);

/** Every number format, narrowest first. */
export const FORMATS: readonly NumberFormat[] = [
  {
    name: "fp4",
    bytesPerValue: fact(0.5, code),
    encoding: fact("e2m1", shortest),
    computesAs: fact("fp4", code),
  },
  {
    name: "int4",
    bytesPerValue: fact(0.5, code),
    encoding: fact("int4", namesake),
    computesAs: fact(
      "fp16",
      reading("the document's code has no peak for INT4 and falls back on FP16"),
    ),
  },
  {
    name: "fp8",
    bytesPerValue: fact(1, code),
    encoding: fact("e4m3", fp8),
    computesAs: fact("fp8", code),
  },
  {
    name: "fp16",
    bytesPerValue: fact(2, code),
    encoding: fact("fp16", namesake),
    computesAs: fact("fp16", code),
  },
  {
    name: "bf16",
    bytesPerValue: fact(2, bits),
    encoding: fact("bf16", namesake),
    computesAs: fact("fp16", sameCores),
  },
];

/** What the bits of a number in a format mean. Throws an `InputError` (SPEC-1) when a what-if names an encoding that there is not. */
export const encodingOf = ({ name, encoding }: NumberFormat): Encoding => {
  if (Object.hasOwn(ENCODINGS, encoding.value)) return ENCODINGS[encoding.value];
  const known = Object.keys(ENCODINGS).join(", ");
  const message = `the encoding of ${name} must be one of ${known}, found ${shown(encoding.value)}`;
  throw new InputError([{ code: "SPEC-1", message }]);
};
