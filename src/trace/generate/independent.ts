import { randomStream } from "#base";
import type { TraceRequest } from "../request.ts";
import { arrivalTimes } from "./arrivals.ts";
import { instant } from "./instant.ts";
import { quantiles } from "./quantiles.ts";
import type { IndependentShape } from "./shape.ts";

const NO_BLOCKS = new Uint32Array(0);

/**
 * Requests without end that share nothing and name no blocks. Memory stays the same however many
 * are taken.
 */
export function* independent(
  shape: IndependentShape,
  seed: number,
  name: string,
): Generator<TraceRequest, never> {
  const arrival = arrivalTimes(shape.arrivals, randomStream(seed, `${name} arrivals`));
  const [inputs, outputs] = [
    randomStream(seed, `${name} inputs`),
    randomStream(seed, `${name} outputs`),
  ];
  const [input, output] = [quantiles(shape.inputTokens), quantiles(shape.outputTokens)];
  for (;;) {
    yield {
      arrivalNs: instant(arrival()),
      inputTokens: Math.round(input(inputs.unit())),
      outputTokens: Math.round(output(outputs.unit())),
      blocks: NO_BLOCKS,
      session: -1,
      turn: 0,
      delayNs: -1,
      priority: 0,
      model: -1,
      failed: false,
      extra: "",
    };
  }
}
