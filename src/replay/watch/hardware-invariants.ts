import type { EngineWorker } from "../engine/worker.ts";
import type { Counts } from "./counts.ts";

/** What must hold of GPUs: whose they are, where they lie, and what lies on them. */
export class HardwareInvariants {
  readonly #gpusPerDomain: number;
  readonly #fits;
  readonly #together;
  readonly #alone;
  /** By worker, its GPUs; and by GPU, its worker. */
  readonly #gangs = new Map<number, readonly number[]>();
  readonly #ownerOf = new Map<number, number>();

  constructor(counts: Counts, gpusPerDomain: number) {
    this.#gpusPerDomain = gpusPerDomain;
    this.#fits = counts.of("RUN-23");
    this.#together = counts.of("RUN-24");
    this.#alone = counts.of("RUN-25");
  }

  /** A worker is given its GPUs. */
  placed(worker: number, gpus: readonly number[]): void {
    let taken = this.#gangs.has(worker) ? 1 : 0;
    for (const gpu of gpus) {
      if (this.#ownerOf.has(gpu)) taken += 1;
      this.#ownerOf.set(gpu, worker);
    }
    this.#gangs.set(worker, gpus);
    this.#alone.check(true, taken === 0, taken);
    this.#checkDomain(worker, gpus);
  }

  /** A worker's GPUs are nobody's. */
  freed(worker: number): void {
    const gpus = this.#gangs.get(worker) ?? [];
    const missing = gpus.filter((gpu) => this.#ownerOf.get(gpu) !== worker).length;
    this.#alone.check(gpus.length > 0, missing === 0, missing);
    for (const gpu of gpus) this.#ownerOf.delete(gpu);
    this.#gangs.delete(worker);
  }

  /** What lies on a GPU of a worker, or has its room there, of all that there is. In bytes. */
  budget(usedBytes: number, hbmBytes: number): void {
    this.#fits.check(usedBytes > 0, usedBytes <= hbmBytes, usedBytes - hbmBytes);
  }

  /** Whoever serves has the GPUs that it was given, as many as its degree, and they lie together still. */
  audit(workers: readonly (EngineWorker | undefined)[]): void {
    for (const [worker, gpus] of this.#gangs) this.#checkDomain(worker, gpus);
    for (const worker of workers) {
      if (worker === undefined || this.#gangs.size === 0) continue;
      const { number, serving } = worker;
      const gpus = this.#gangs.get(number) ?? [];
      const owned = gpus.filter((gpu) => this.#ownerOf.get(gpu) === number).length;
      this.#alone.check(true, owned === serving.group.tp, serving.group.tp - owned);
    }
  }

  #checkDomain(worker: number, gpus: readonly number[]): void {
    const domain = Math.floor(worker / this.#gpusPerDomain);
    const away = gpus.filter((gpu) => Math.floor(gpu / this.#gpusPerDomain) !== domain).length;
    this.#together.check(gpus.length > 1, away === 0 && gpus[0] === worker, away);
  }
}
