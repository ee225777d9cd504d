/**
 * What the properties of the generators share: requests as plain JSON, and traces as something that
 * is asked for.
 */
import fc from "fast-check";
import { generateTrace, SHAPE_NAMES, type ShapeName, type TraceRequest } from "#trace";
import { oneOfValues, type Subject } from "#verify";

/** One request as JSON. */
export type Row = {
  readonly arrival_ns: number;
  readonly input_tokens: number;
  readonly output_tokens: number;
  readonly blocks: readonly number[];
  readonly session: number;
  readonly turn: number;
  readonly delay_ns: number;
};

/** Asks for a trace. */
export type Order = {
  readonly shape: ShapeName;
  readonly seed: number;
  readonly requests: number;
};

const rowOf = (request: TraceRequest): Row => ({
  arrival_ns: request.arrivalNs,
  input_tokens: request.inputTokens,
  output_tokens: request.outputTokens,
  blocks: [...request.blocks],
  session: request.session,
  turn: request.turn,
  delay_ns: request.delayNs,
});

/** The reference: orders in, rows out. */
export const generator: Subject<Order, readonly Row[]> = () => (order) =>
  Array.from(generateTrace(order), rowOf);

/** A generator that breaks what the reference makes. */
export const breaking =
  (
    broken: (rows: readonly Row[], order: Order) => readonly Row[],
  ): Subject<Order, readonly Row[]> =>
  () => {
    const generate = generator();
    return (order) => broken(generate(order), order);
  };

/** Orders of up to so many requests of any shape. */
export const orders = (requestsMax: number): fc.Arbitrary<Order> =>
  fc.record({
    shape: oneOfValues<ShapeName>(...SHAPE_NAMES),
    seed: fc.nat({ max: 1000 }),
    requests: fc.integer({ min: 1, max: requestsMax }),
  });
