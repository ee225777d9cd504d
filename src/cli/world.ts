/** Everything outside that a command may touch, files aside: a command is a function of its arguments and of this. */
export type World = {
  /** What was typed after `rackproof`. */
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Where relative paths start. */
  readonly cwd: string;
  /** Whether somebody watches: a terminal, not a file or a pipe. */
  readonly isTty: { readonly out: boolean; readonly err: boolean };
  /** Results, and nothing else. Throws `OutputClosed` when nobody reads them any more. */
  out(text: string): void;
  /** Progress, timings and complaints. */
  err(text: string): void;
  /** Milliseconds of some clock: only differences mean anything, and no result depends on them. */
  clock(): number;
  /**
   * Does work that must not be cut off in the middle: while it runs, SIGINT does not end the process but aborts the signal, and
   * the work ends by throwing `Interrupted`. It must let the event loop turn, or it hears of nothing.
   */
  interruptible<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T>;
  /** Where a progress bar may draw; only when stderr is a terminal. */
  readonly screen?: NodeJS.WritableStream;
};

/** Nobody reads stdout any more: end quietly. */
export class OutputClosed extends Error {
  override readonly name = "OutputClosed";
}

/** SIGINT came: says what became of the work. */
export class Interrupted extends Error {
  override readonly name = "Interrupted";
}
