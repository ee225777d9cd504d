import type { State } from "../engine/live.ts";
import { targetOf, workerOf } from "../engine/places.ts";
import type { Books, RequestAccount } from "./books.ts";

/** Enters what goes with a change of state, batches aside: who waits where, has a seat where, and holds blocks where. */
export const enterWhereabouts = (books: Books, account: RequestAccount, to: State): void => {
  const [worker, target] = [workerOf(account.live), targetOf(account.live)];
  const at = worker && books.at(worker);
  switch (to) {
    case "waiting":
      books.sit(account, undefined);
      books.letGo(account, undefined);
      books.queue(account, at);
      return;
    case "fetching":
    case "prefilling":
    case "decoding":
      books.sit(account, at);
      return;
    case "ready":
      books.sit(account, at);
      books.letGo(account, at);
      return;
    case "handover":
      books.sit(account, undefined);
      books.letGo(account, at);
      return;
    case "moving":
      books.sit(account, target && books.at(target));
      return;
    case "unrouted":
    case "ended":
      books.queue(account, undefined);
      books.sit(account, undefined);
      books.letGo(account, undefined);
  }
};
