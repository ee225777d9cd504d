import { type Fact, fact, inDocument, published } from "./fact.ts";

/** The names of the models. */
export type ModelName = "llama-70b" | "llama-405b";

/** A dense transformer with grouped-query attention, as far as its costs depend on it. */
export type Model = {
  /** One of Rackproof's, or a further one that a profile file names. */
  readonly name: string;
  /** As the document counts them: the round number of the model's name. */
  readonly parameters: Fact<number>;
  readonly layers: Fact<number>;
  /** Heads that keep a key and a value; several query heads share one. */
  readonly kvHeads: Fact<number>;
  readonly headDimension: Fact<number>;
  /** The width of the hidden state. */
  readonly hidden: Fact<number>;
};

const capacityCode = inDocument("KV capacity code: the model's configuration");
const llama70b = published("https://apxml.com/models/llama-3-1-70b");
const llama405b = published("https://apxml.com/models/llama-3-1-405b");

/** Every model, smallest first. */
export const MODELS: readonly Model[] = [
  {
    name: "llama-70b",
    parameters: fact(70e9, inDocument("decode throughput code: model_params")),
    layers: fact(80, llama70b),
    kvHeads: fact(8, llama70b),
    headDimension: fact(128, llama70b),
    hidden: fact(8192, llama70b),
  },
  {
    name: "llama-405b",
    parameters: fact(405e9, capacityCode),
    layers: fact(126, capacityCode),
    kvHeads: fact(8, capacityCode),
    headDimension: fact(128, capacityCode),
    hidden: fact(16_384, llama405b),
  },
];
