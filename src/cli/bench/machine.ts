import { availableParallelism, cpus, release, totalmem, type } from "node:os";

/** What the figures were measured on: enough to compare, and nothing that names the machine. */
export type Machine = {
  readonly cpu: string;
  readonly cores: number;
  readonly memory_bytes: number;
  readonly node: string;
  readonly os: string;
};

/** This machine. Of the kernel's version only the numbers: what follows them is often somebody's own. */
export const thisMachine = (): Machine => ({
  cpu: cpus()[0]?.model.trim() || "unknown",
  cores: availableParallelism(),
  memory_bytes: totalmem(),
  node: process.version,
  os: `${type()} ${/^\d+(\.\d+)?/.exec(release())?.[0] ?? ""} ${process.arch}`,
});
