import { blockTokensOf, SHAPE_NAMES } from "#trace";
import { type Finding, finding, property, values } from "#verify";
import { breaking, generator, type Order, orders, type Row } from "./gen-rows.ts";

/** What is wrong with one row, after those before it; `parents` and `next` say what has come up. */
const faultOf = (
  row: Row,
  blockTokens: number | null,
  parents: Map<number, number>,
): string | undefined => {
  if (!(row.input_tokens >= 1 && row.output_tokens >= 1)) return "a request without tokens";
  const needed = blockTokens === null ? 0 : Math.ceil(row.input_tokens / blockTokens);
  if (row.blocks.length !== needed) return `${row.blocks.length} blocks where ${needed} are needed`;
  let parent = -1;
  for (const block of row.blocks) {
    const known = parents.get(block);
    if (known === undefined && block !== parents.size) return `block ${block} skips a number`;
    if (known !== undefined && known !== parent) return `block ${block} has two parents`;
    parents.set(block, parent);
    parent = block;
  }
  return undefined;
};

const firstFault = (rows: readonly Row[], blockTokens: number | null): Finding | undefined => {
  const parents = new Map<number, number>();
  let earlier = 0;
  for (const [at, row] of rows.entries()) {
    const isLate = at === 0 ? row.arrival_ns === 0 : row.arrival_ns >= earlier;
    if (!isLate) return finding(at, `an arrival at ${earlier} or later`, row.arrival_ns);
    earlier = row.arrival_ns;
    const fault = faultOf(row, blockTokens, parents);
    if (fault !== undefined) return finding(at, "a well-formed request", fault);
  }
  return undefined;
};

const hasBlocks = ({ shape }: Order): boolean => blockTokensOf(shape) !== null;

export default property<Order, Order, readonly Row[]>({
  id: "TRC-3",
  part: "trace",
  statement:
    "a generated trace starts at 0 and never goes back, each prompt has as many blocks as its tokens need, and blocks are numbered in order of first appearance, each with one parent",
  given: values(orders(80), function* () {
    for (const shape of SHAPE_NAMES) yield { shape, seed: 0, requests: 2 };
  }),
  subject: generator,
  scripts: (order) => [[order]],
  holds: (order, [[rows = []] = []]) => firstFault(rows, blockTokensOf(order.shape)),

  witnesses: {
    "a prompt that fills its last block": (order, [[rows = []] = []]) =>
      rows.some(
        ({ input_tokens }) => input_tokens % (blockTokensOf(order.shape) ?? Infinity) === 0,
      ),
    "a prompt that does not": (order, [[rows = []] = []]) =>
      hasBlocks(order) && rows.some(({ input_tokens }) => input_tokens % 512 !== 0),
    "two prompts that part behind a shared block": (order, [[rows = []] = []]) =>
      hasBlocks(order) &&
      rows.filter(({ blocks }) => blocks[0] === 0 && blocks.length > 1).length > 1,
    "a trace without blocks": (order) => !hasBlocks(order),
  },

  mutants: {
    "forgets the last block when it is not full": breaking((rows) =>
      rows.map((row) => ({
        ...row,
        blocks: row.blocks.slice(0, Math.floor(row.input_tokens / 512)),
      })),
    ),
    "adds a block to a prompt that fills its last": breaking((rows) =>
      rows.map((row) =>
        row.blocks.length > 0 && row.input_tokens % 512 === 0
          ? { ...row, blocks: [...row.blocks, 1e9] }
          : row,
      ),
    ),
    "numbers blocks from 1": breaking((rows) =>
      rows.map((row) => ({ ...row, blocks: row.blocks.map((block) => block + 1) })),
    ),
    "names a block by its place alone": breaking((rows) =>
      rows.map((row) => ({
        ...row,
        blocks: row.blocks.map((block, at) => (at === 0 ? block : at)),
      })),
    ),
    "sends a conversation's turn before its time": breaking((rows) =>
      rows.map((row, at) => (at % 7 === 6 ? { ...row, arrival_ns: row.arrival_ns - 3e9 } : row)),
    ),
    "starts with a gap": breaking((rows) =>
      rows.map((row) => ({ ...row, arrival_ns: row.arrival_ns + 1 })),
    ),
  },
});
