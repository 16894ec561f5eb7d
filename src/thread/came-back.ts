import type { LiveTurns } from "./live-turns.ts";
import type { ShownTurns } from "./shown-turns.ts";
import type { CurrentConnection, ThreadServer } from "./thread-server.ts";

interface ResumedThread {
  readonly server: ThreadServer;
  readonly turns: LiveTurns;
  readonly shown: ShownTurns;
  readonly isAtWork: boolean;
  catchUp(connection: CurrentConnection): void;
}

/** Fetches what the server didn't send between an unsubscribe and the resume that followed. */
export function cameBack(thread: ResumedThread): void {
  thread.turns.missed();
  thread.shown.missed();
  const connection = thread.server.connection();
  if (connection && (thread.isAtWork || thread.turns.areShown)) thread.catchUp(connection);
}
