import { Interrupted, OutputClosed, type World } from "../world.ts";

/** A world that remembers what was said to it. */
export type FakeWorld = World & {
  /** All of stdout so far. */
  readonly said: () => string;
  /** All of stderr so far. */
  readonly complained: () => string;
};

/** What may differ from a quiet world without terminals. */
export type Surroundings = Partial<Pick<World, "env" | "cwd" | "isTty" | "clock" | "screen">> & {
  /** Nobody reads stdout after so many writes. */
  readonly readsUntil?: number;
  /** SIGINT comes as soon as work that can be interrupted begins. */
  readonly isInterrupted?: boolean;
};

/** A world in which `rackproof …argv` was typed. */
export const fakeWorld = (argv: readonly string[], around: Surroundings = {}): FakeWorld => {
  const { readsUntil = Number.POSITIVE_INFINITY, isInterrupted = false, ...rest } = around;
  const out: string[] = [];
  const err: string[] = [];
  return {
    argv,
    env: {},
    cwd: "/nowhere",
    isTty: { out: false, err: false },
    clock: () => 0,
    ...rest,
    out(text) {
      if (out.length >= readsUntil) throw new OutputClosed();
      out.push(text);
    },
    err: (text) => {
      err.push(text);
    },
    interruptible: (work) =>
      work(
        isInterrupted ? AbortSignal.abort(new Interrupted("SIGINT")) : new AbortController().signal,
      ),
    said: () => out.join(""),
    complained: () => err.join(""),
  };
};
