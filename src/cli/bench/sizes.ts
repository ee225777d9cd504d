/** How much is measured. */
export type Sizes = {
  /** How often each figure is measured. */
  readonly runs: number;
  readonly warmUps: number;
  /** Requests of the generated trace that stands for the public one; 12,031 is the public one's length. */
  readonly mooncakeRequests: number;
  readonly csvRows: number;
  /** Rows of a longer CSV, over which memory must stay flat; 0 for none. */
  readonly csvRowsLong: number;
  /** Requests of a generated trace that is replayed beside a tenth of it; 0 for none. */
  readonly longRequests: number;
  /** Blocks that go through the directory and through the pool. */
  readonly blocks: number;
  readonly poolBlocks: number;
  /** Gangs that are placed, weight plans that are made, cases that a property judges. */
  readonly gangs: number;
  readonly plans: number;
  readonly propertyCases: number;
  /** How often `verify` and `sweep`, which take longest, are measured. */
  readonly verifyRuns: number;
};

/** Some minutes: the longest is a trace of a million requests. */
export const USUAL: Sizes = {
  runs: 5,
  warmUps: 1,
  mooncakeRequests: 12_031,
  csvRows: 1_000_000,
  csvRowsLong: 0,
  longRequests: 1_000_000,
  blocks: 1_000_000,
  poolBlocks: 300_000,
  gangs: 500_000,
  plans: 50,
  propertyCases: 300,
  verifyRuns: 1,
};

/** Ten million rows too. */
export const FULL: Sizes = { ...USUAL, csvRowsLong: 10_000_000 };

/** Shows that it all works; the figures mean nothing. */
export const QUICK: Sizes = {
  ...USUAL,
  runs: 1,
  warmUps: 0,
  mooncakeRequests: 100,
  csvRows: 1000,
  longRequests: 0,
  blocks: 10_000,
  poolBlocks: 3000,
  gangs: 1000,
  plans: 1,
  propertyCases: 3,
};
