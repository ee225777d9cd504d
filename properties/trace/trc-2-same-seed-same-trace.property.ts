import fc from "fast-check";
import { SHAPE_NAMES } from "#trace";
import { differs, finding, firstDifference, property, values } from "#verify";
import { breaking, generator, type Order, orders, type Row } from "./gen-rows.ts";

type Case = { readonly order: Order; readonly more: number };

/** How many traces some generator has made: what no trace may depend on. */
let made = 0;

export default property<Case, Order, readonly Row[]>({
  id: "TRC-2",
  part: "trace",
  statement:
    "the same shape and seed give the same trace, and a longer one begins with the shorter one",
  given: values(fc.record({ order: orders(40), more: fc.nat({ max: 20 }) }), function* () {
    for (const shape of SHAPE_NAMES) yield { order: { shape, seed: 0, requests: 1 }, more: 1 };
  }),
  subject: generator,
  scripts: ({ order, more }) => [[order], [{ ...order, requests: order.requests + more }, order]],

  holds({ order }, [[once = []] = [], [longer = [], again = []] = []]) {
    if (once.length !== order.requests) return finding(0, order.requests, once.length, "requests");
    const changed = firstDifference(once, again);
    if (changed) return { ...changed, about: "the same order a second time" };
    const differences = differs(once, longer.slice(0, once.length));
    return differences && { at: 1, ...differences, about: "the beginning of the longer trace" };
  },

  witnesses: {
    "a longer trace": ({ more }) => more > 0,
    "blocks that come back": (_, [[rows = []] = []]) => {
      const references = rows.flatMap(({ blocks }) => blocks);
      return new Set(references).size < references.length;
    },
    "two requests at one instant": (_, [[rows = []] = []]) =>
      rows.some((row, at) => at > 0 && row.arrival_ns === rows[at - 1]?.arrival_ns),
  },

  mutants: {
    "draws from a stream that the length shifts": () => (order) =>
      generator()({ ...order, seed: order.seed + order.requests }),
    "fits the arrivals into a fixed time": breaking((rows, { requests }) =>
      rows.map((row) => ({ ...row, arrival_ns: Math.floor(row.arrival_ns / requests) })),
    ),
    "goes on where the last trace ended": breaking((rows) => {
      made += 1;
      return rows.map((row) => ({ ...row, output_tokens: row.output_tokens + made }));
    }),
    "makes one request too few": breaking((rows) => rows.slice(0, -1)),
  },
});
