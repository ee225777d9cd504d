/** Every invariant of a run, by id. An id is never reused for another meaning. */
export const INVARIANTS = {
  "RUN-1":
    "every request that arrived is in one state and in one place only, and as many are in each as its changes of state say",
  "RUN-2": "the clock never goes back",
  "RUN-3":
    "a request's arrival ≤ queue ≤ start ≤ first token ≤ end, and what it is moved by lies between its first token and its end",
  "RUN-4": "in every pool, free + filling + active + cached = capacity, and none is negative",
  "RUN-5":
    "the directory lists exactly what the pools hold readable, but for the events on their way to it",
  "RUN-6":
    "no block becomes readable at a worker that has it already, and none is removed where it is not",
  "RUN-7":
    "the hits of a request are the leading run that the directory lists for its worker at that moment, no more and no less",
  "RUN-8":
    "the blocks in use on a worker never exceed what its requests asked for, nor its capacity",
  "RUN-9": "a block that is fetched is listed at its source at that moment",
  "RUN-10":
    "a request is in use of blocks exactly from its start to its end, and at the end none is in use",
  "RUN-11":
    "the time of a request is never below the roofline's time for what it computed and moved",
  "RUN-12":
    "a block becomes readable only when a request that asked for it has been prefilled, or when its copy is there",
  "RUN-13":
    "a request arrives once, changes its state only as the table of changes allows, and nothing happens to it after its end",
  "RUN-14":
    "at checkpoints, the blocks in use on a worker are those of its requests and copies, counted one by one, shared ones once",
  "RUN-15": "what is copied can be read at its source when the copy begins and when it ends",
  "RUN-16":
    "no link carries more than its rate × time in any window, and every copy's bytes are carried once",
  "RUN-17":
    "whoever waits first for a worker is taken up when it has a seat, tokens in its step and blocks for it",
  "RUN-18":
    "nobody is taken up before somebody who waits for the same worker and is more urgent, or as urgent and earlier",
  "RUN-19":
    "the router is shown the requests sent to each worker and the blocks of their prompts, never of their output, and chooses among those it may",
  "RUN-20":
    "every token is counted once: at the request that was given it and at the worker that made it",
  "RUN-21":
    "a completed request was given exactly its output, each token later than the one before",
  "RUN-22":
    "the time that requests spend in the rack adds up to how many there were over time (Little's law), to the nanosecond",
  "RUN-23": "on no GPU do weights, workspace and KV exceed its HBM, at any instant",
  "RUN-24": "the GPUs of a worker lie in one domain while it lives",
  "RUN-25": "a GPU belongs to one worker at most",
  "RUN-26":
    "no step and no copy takes less than the roofline's time for what it computed, read and moved",
  "RUN-27":
    "the KV that a batch reads and the blocks that it has taken are those of its members, counted one by one",
  "RUN-28":
    "a worker has no more requests under way than seats, and prefills no more tokens a step than its batch leaves",
} as const;

/** The id of an invariant. */
export type InvariantId = keyof typeof INVARIANTS;

/** The ids, in order. */
export const INVARIANT_IDS = Object.keys(INVARIANTS) as readonly InvariantId[];
