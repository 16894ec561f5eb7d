import { blockingObject } from "./blocking-object.ts";
import type { Bridge } from "./bridge.ts";
import type { ObjectReference } from "./messages.ts";
import { RemoteObject } from "./remote-object.ts";
import { PendingRequestSync } from "./requests-sync.ts";
import { ThreadSync } from "./thread-sync.ts";
import { ThreadTimelineSync } from "./thread-timeline-sync.ts";
import { TurnSync } from "./turn-sync.ts";

/** The representations of worker objects in the calling thread. */
export function proxyOf({ type, target, fields }: ObjectReference, bridge: Bridge): unknown {
  const remote = new RemoteObject(bridge, target).releaseWhenCollected();
  const { id = "", threadId = "", data = "" } = fields;
  switch (type) {
    case "thread":
      return new ThreadSync(id, remote);
    case "turn":
      return new TurnSync<unknown>({ id, threadId }, remote);
    case "timeline":
      return new ThreadTimelineSync(threadId, remote);
    case "request":
      return new PendingRequestSync(JSON.parse(data), remote);
    case "object":
      return blockingObject(remote, fields);
    default:
      return remote;
  }
}
