import type { TraceHeader } from "../../src/trace/format.ts";
import type { Recording } from "./recording.ts";
import type { ServerState, Usage } from "./server-state.ts";

/** Adds what was recorded so far, and everything that follows. */
export function followTraffic(recording: Recording, server: ServerState): void {
  const events = new EventSource("events");
  const on = <T>(type: string, take: (data: T) => void) =>
    events.addEventListener(type, ({ data }) => take(JSON.parse(data) as T));
  events.onopen = () => server.connected(true);
  events.onerror = () => server.connected(false);
  events.onmessage = ({ data }) => recording.addLine(data);
  on<{ header: TraceHeader | null; isCut: boolean }>("begin", ({ header, isCut }) =>
    recording.begin(header ?? undefined, isCut),
  );
  on<Usage>("usage", (usage) => server.measured(usage));
}
