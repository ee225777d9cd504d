/** Work on several threads: piscina keeps them, here is how they load our code. */
import { Piscina } from "piscina";

const isSource = import.meta.url.endsWith(".ts");

/** The file that a thread of a sweep runs: beside the built program, or the source itself. It exports `answer`. */
export const THREAD = new URL(isSource ? "./thread.ts" : "./sweep-thread.js", import.meta.url);

/**
 * A thread that runs the source must learn to read it: tsx leaves the threads of its own process alone, so each asks for it. One that runs the
 * built program takes after its process.
 */
const loader = (): { readonly execArgv?: string[] } => {
  if (!isSource) return {};
  const tsx = JSON.stringify(import.meta.resolve("tsx/esm/api"));
  const asking = `import { register } from ${tsx}; register();`;
  return { execArgv: ["--import", `data:text/javascript,${encodeURIComponent(asking)}`] };
};

/** How jobs are shared out. */
export type Sharing = {
  /** A module that exports `answer`, a function from a job to a reply, both plain data. */
  readonly file: URL;
  readonly threads: number;
  /** Ends all threads at once; then the work throws. */
  readonly signal: AbortSignal;
};

/**
 * Has every job answered, on as many threads as are asked for and can be of use, and tells each reply as it comes, in no certain order. Throws
 * what a thread or `told` throws. No thread is left when it ends, however it ends.
 */
export const inThreads = async <Job, Reply>(
  jobs: readonly Job[],
  { file, threads, signal }: Sharing,
  told: (at: number, reply: Reply) => void,
): Promise<void> => {
  if (jobs.length === 0) return;
  signal.throwIfAborted();
  const count = Math.min(threads, jobs.length);
  // All at the start: a thread that cannot start then fails the job that it was given, instead of leaving it to wait for ever.
  const pool = new Piscina({
    filename: file.href,
    name: "answer",
    minThreads: count,
    maxThreads: count,
    ...loader(),
  });
  // A thread that dies with a job fails that job. What it says when it dies without one, because others did before it, is nobody's to hear.
  pool.on("error", () => undefined);
  let ended: Promise<void> | undefined;
  const end = (): void => {
    ended ??= pool.destroy();
  };
  signal.addEventListener("abort", end);
  try {
    await Promise.all(
      jobs.map(async (job, at) => {
        told(at, await pool.run(job));
      }),
    );
  } finally {
    signal.removeEventListener("abort", end);
    end();
    await ended;
  }
};
