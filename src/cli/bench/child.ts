import { spawn } from "node:child_process";
import type { Readable } from "node:stream";
import { text } from "node:stream/consumers";
import { Interrupted } from "../world.ts";

/** A process that ran to its end. */
export type ChildRun = {
  /** From its start to its end, as somebody who waits for it sees it. */
  readonly wallMs: number;
  /** The most memory that was resident at once. */
  readonly peakBytes: number;
  /** Its stdout. */
  readonly out: string;
};

/** Runs Node with arguments and waits for its end. Throws when it ends with another status than 0 or one that is allowed. */
export type Launch = (args: readonly string[], allowed?: readonly number[]) => Promise<ChildRun>;

/**
 * A process tells its own peak on its way out, through a descriptor of its own, so that nothing has to be installed. Linux has the figure for the
 * program alone; what `resourceUsage` says there begins with the parent's memory at the start, which is why it comes second.
 */
const PEAK_KIB = `
import { readFileSync, writeSync } from "node:fs";
const peakKib = () => {
  try { return Number(/VmHWM:\\s*(\\d+)/.exec(readFileSync("/proc/self/status", "utf8"))[1]); }
  catch { return process.resourceUsage().maxRSS; }
};
process.on("exit", () => writeSync(3, String(peakKib())));
`;

const HOOK = ["--import", `data:text/javascript,${encodeURIComponent(PEAK_KIB)}`] as const;

/** What a shell makes of SIGINT, and what Rackproof exits with then. */
const INTERRUPTED = 130;

/** The arguments in a message: without what is long. */
const shownArgs = (args: readonly string[]): string =>
  args.map((arg) => (arg.includes("\n") ? "…" : arg)).join(" ");

/** A launch by this very Node. Throws `Interrupted` when the signal comes, and ends the process. */
export const launcher =
  (clock: () => number, signal: AbortSignal): Launch =>
  async (args, allowed = []) => {
    const startMs = clock();
    const child = spawn(process.execPath, [...HOOK, ...args], {
      stdio: ["ignore", "pipe", "pipe", "pipe"],
    });
    const stop = (): boolean => child.kill();
    signal.addEventListener("abort", stop);
    const [, stdout, stderr, peak] = child.stdio as unknown as readonly Readable[];
    const texts = Promise.all([stdout, stderr, peak].map((from) => text(from as Readable)));
    try {
      const [status, by] = await new Promise<readonly [number | null, string | null]>(
        (resolve, reject) => {
          child.once("error", reject);
          child.once("exit", (code, name) => resolve([code, name]));
        },
      );
      const wallMs = clock() - startMs;
      const [out = "", err = "", peakKib = ""] = await texts;
      if (signal.aborted || by === "SIGINT" || status === INTERRUPTED) {
        throw new Interrupted("Interrupted: nothing was written.");
      }
      if (status !== 0 && !allowed.includes(status ?? -1)) {
        const how = by === null ? `status ${status}` : `signal ${by}`;
        throw new Error(`a measured process ended with ${how}: node ${shownArgs(args)}\n${err}`);
      }
      return { wallMs, peakBytes: Number(peakKib) * 1024, out };
    } finally {
      signal.removeEventListener("abort", stop);
    }
  };
