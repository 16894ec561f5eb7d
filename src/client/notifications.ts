import type { NotificationParams } from "../protocol/index.ts";

export type NotificationMethod = keyof NotificationParams;

/** A notification of the protocol; narrow it by `method`. */
export type Notification = {
  readonly [M in NotificationMethod]: {
    readonly method: M;
    readonly params: NotificationParams[M];
    /** Unix time in milliseconds at which the server sent it; absent from older servers. */
    readonly emittedAtMs?: number;
  };
}[NotificationMethod];

/**
 * An iterator over notifications. It doesn't extend `AsyncIterableIterator`, which has different type
 * parameters in older versions of TypeScript.
 */
export interface NotificationIterator extends AsyncIterator<Notification, undefined, undefined> {
  return(): Promise<IteratorResult<Notification, undefined>>;
  [Symbol.asyncIterator](): this;
}
