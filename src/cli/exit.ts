/** The exit statuses: whose fault it is. */
export const EXIT = {
  /** It was done; what the domain declined is part of the answer. */
  ok: 0,
  /** A property or an invariant is broken: the finding is in the report. */
  finding: 1,
  /** The input is at fault: every issue is on stderr, and nothing was stored. */
  input: 2,
  /** The reference contradicts itself: a defect of Rackproof. */
  ours: 3,
  /** A check could not be made, which is never a pass. */
  unknown: 4,
  /** Stopped by SIGINT: as a shell counts it, 128 + 2. */
  interrupted: 130,
  /** Whoever read the output has gone (`| head`): as a shell counts it, 128 + 13. */
  unread: 141,
} as const;

/** One of the exit statuses. */
export type ExitStatus = (typeof EXIT)[keyof typeof EXIT];
