import { findFormat } from "#spec";
import { answers, toProperties } from "../answers.ts";
import type { DocumentSubject } from "./defect.ts";

type Call = {
  readonly layers: number;
  readonly kvHeads: number;
  readonly headDimension: number;
  readonly kv: string;
  readonly tp: number;
  readonly blockTokens: number;
};

/** Blocks as the block manager has them: the token's bytes by its own formula, a block's a constant, and as many as it makes room for. */
const counted = ({ layers, kvHeads, headDimension, kv }: Call) => ({
  tokenBytes: 2 * layers * kvHeads * headDimension * findFormat(kv).bytesPerValue.value,
  blockBytes: 5.24e6,
  blocks: 640_000,
});

/** The document's block sizes and counts on trial. */
export const blocks: DocumentSubject = {
  name: "document/blocks",
  part: "cost",
  about: "the KV-block manager's size of a block and number of blocks a GPU",
  answersFor: toProperties({ "CST-2": answers<Call, unknown>(() => counted) }),
  defects: [
    {
      does: "has blocks of 5.24 MB and 640,000 of them on a GPU, whatever the model, its formats and the memory",
      consequence:
        "Together that is 3,354 GB on a GPU of 192: 640,000 is the number of tokens that fit, not of blocks.",
      property: "CST-2",
    },
  ],
  absences: [],
  remarks: [],
};
