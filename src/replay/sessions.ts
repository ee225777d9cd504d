import type { TraceRequest } from "#trace";

type Session = {
  /** Requests that have arrived and not ended. */
  open: number;
  /** −1 before the first end. */
  lastEndNs: number;
  lastWorker: number;
  /** Turns that wait for the one before to end; the trace gives their delay, not their time. */
  readonly waiting: { readonly number: number; readonly request: TraceRequest }[];
};

/** A turn whose time has come to be known. */
export type DueTurn = {
  readonly number: number;
  readonly request: TraceRequest;
  readonly atNs: number;
};

/** Who spoke last with whom: holds back the turns that are sent a delay after the previous one ended. */
export class Sessions {
  readonly #sessions = new Map<number, Session>();

  /** When a request arrives; nothing when that depends on a turn that has not ended. */
  arrivalOf(number: number, request: TraceRequest): number | undefined {
    if (request.session < 0) return request.arrivalNs;
    const session = this.#of(request.session);
    if (request.delayNs < 0) {
      session.open += 1;
      return request.arrivalNs;
    }
    if (session.open > 0 || session.waiting.length > 0) {
      session.waiting.push({ number, request });
      return undefined;
    }
    session.open += 1;
    return session.lastEndNs < 0
      ? request.arrivalNs
      : Math.max(request.arrivalNs, session.lastEndNs + request.delayNs);
  }

  /** The worker that the request's session was last sent to; −1 when it stands alone or is the first. */
  lastWorkerOf(request: TraceRequest): number {
    return this.#sessions.get(request.session)?.lastWorker ?? -1;
  }

  /** Remembers where a request was sent. */
  sentTo(request: TraceRequest, worker: number): void {
    if (request.session >= 0) this.#of(request.session).lastWorker = worker;
  }

  /** A request has ended, well or badly: the turn that waited for it, if there is one. */
  ended(request: TraceRequest, atNs: number): DueTurn | undefined {
    if (request.session < 0) return undefined;
    const session = this.#of(request.session);
    session.open -= 1;
    session.lastEndNs = atNs;
    if (session.open > 0) return undefined;
    const next = session.waiting.shift();
    if (next === undefined) return undefined;
    session.open += 1;
    return { ...next, atNs: atNs + next.request.delayNs };
  }

  #of(session: number): Session {
    let found = this.#sessions.get(session);
    if (found === undefined) {
      found = { open: 0, lastEndNs: -1, lastWorker: -1, waiting: [] };
      this.#sessions.set(session, found);
    }
    return found;
  }
}
