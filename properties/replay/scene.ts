/** What a run is made of, as plain data. */

/** One request of a scene: its prompt is a path down a tree of prefixes. */
export type SceneRequest = {
  /** After the request before. */
  readonly gapNs: number;
  readonly path: readonly number[];
  /** How many tokens the last block lacks. */
  readonly spare: number;
  readonly outputTokens: number;
  /** −1 for a request that stands alone. */
  readonly session: number;
  /** −1 for a turn that does not wait. */
  readonly delayNs: number;
  readonly priority: number;
  /** −1 for a user who stays. */
  readonly patienceNs: number;
};

/** A rack, what it goes by, and a trace. */
export type Scene = {
  /** Workers that prefill, and decode too when there are no others. */
  readonly workers: number;
  /** Workers that decode only; −1 when those who prefill do. */
  readonly decoders: number;
  readonly tp: number;
  readonly capacity: number;
  readonly decoderCapacity: number;
  readonly policy: string;
  readonly isFetching: boolean;
  readonly seats: number;
  readonly budget: number;
  readonly preemption: "newest" | "oldest";
  /** −1 for none. */
  readonly deadlineNs: number;
  readonly ttftDeadlineNs: number;
  readonly concurrency: number;
  /** Whether nobody leaves, whatever its patience. */
  readonly isPatient: boolean;
  /** Step times are round, or such that everything is rounded. */
  readonly isRound: boolean;
  readonly requests: readonly SceneRequest[];
};
