import { openStore, type Store, type StoreOptions } from "#store";
import type { CommonArgs } from "./command.ts";

/** Opens the database, does the work, and closes it whatever happens. */
export const withStore = async <T>(
  args: Pick<CommonArgs, "db">,
  options: StoreOptions,
  work: (store: Store) => T | Promise<T>,
): Promise<T> => {
  const store = openStore(args.db, options);
  try {
    return await work(store);
  } finally {
    store.close();
  }
};

/** For commands that change nothing: they work on a database that may only be read. */
export const READ = { readonly: true } as const satisfies StoreOptions;

/** For commands that change what is there, or add to it: without a database they have nothing to do, and make none. */
export const CHANGE = { create: false } as const satisfies StoreOptions;

/** For commands that store something; makes the database where there is none. */
export const WRITE = {} as const satisfies StoreOptions;
