import type { Bridge, RemoteObject } from "./bridge.ts";
import { Remote } from "./remote.ts";
import { ThreadSync } from "./thread-sync.ts";
import { TurnSync } from "./turn-sync.ts";

/** What the calling thread gets for an object of the worker. */
export function revive({ type, target, fields }: RemoteObject, bridge: Bridge): unknown {
  const remote = new Remote(bridge, target);
  const { id = "", threadId = "" } = fields;
  switch (type) {
    case "thread":
      return new ThreadSync(id, remote);
    case "turn":
      return new TurnSync<unknown>({ id, threadId }, remote);
    default:
      return remote;
  }
}
