import { writeSync } from "node:fs";
import { isatty } from "node:tty";
import { unwritable, whyUnwritable } from "./unwritable.ts";
import { OutputClosed, type World } from "./world.ts";

const codeOf = (thrown: unknown): string | undefined =>
  (thrown as { readonly code?: string } | null)?.code;

/** Waits without spinning: a pipe whose reader is slow takes nothing for a while. */
const pause = (): void => {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5);
};

/**
 * Writes all of a text before it returns, so that nothing is lost when the process ends, a slow reader slows the writer, and a
 * reader that has gone is noticed at once.
 */
const writeWhole = (descriptor: 1 | 2, text: string): void => {
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length; ) {
    try {
      at += writeSync(descriptor, bytes, at);
    } catch (thrown) {
      if (codeOf(thrown) !== "EAGAIN") throw thrown;
      pause();
    }
  }
};

const interruptible: World["interruptible"] = async (work) => {
  const controller = new AbortController();
  const onSignal = (): void => controller.abort();
  // Once: a second SIGINT finds no handler and ends the process as ever.
  process.once("SIGINT", onSignal);
  try {
    return await work(controller.signal);
  } finally {
    process.removeListener("SIGINT", onSignal);
  }
};

/** The real world: this process. */
export const nodeWorld = (): World => ({
  argv: process.argv.slice(2),
  env: process.env,
  cwd: process.cwd(),
  isTty: { out: isatty(1), err: isatty(2) },
  out(text) {
    try {
      writeWhole(1, text);
    } catch (thrown) {
      const code = codeOf(thrown);
      if (code === "EPIPE") throw new OutputClosed();
      throw whyUnwritable(code) === undefined ? thrown : unwritable(code, "stdout");
    }
  },
  err(text) {
    try {
      writeWhole(2, text);
    } catch {
      // Complaints that cannot be written are lost; the exit status still tells.
    }
  },
  clock: () => performance.now(),
  interruptible,
  ...(isatty(2) && { screen: process.stderr }),
});
