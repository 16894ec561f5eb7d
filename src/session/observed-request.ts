import type { ServerRequest } from "../rpc/messages.ts";
import { onAbort } from "../util/abort.ts";
import { begin, channels, isObserved, type ServerRequestDiagnostics } from "../util/channels.ts";

/** Answers a server request, and publishes its start and its end if there are subscribers. */
export function observed(
  { method, params }: ServerRequest,
  signal: AbortSignal,
  answer: () => Promise<unknown>,
): Promise<unknown> {
  if (!isObserved(channels.serverRequest)) return answer();
  const event: ServerRequestDiagnostics = { method, params };
  const end = begin(channels.serverRequest, event);
  const answering = event.run ? event.run(answer) : answer();
  // A request whose answer is no longer needed may never be answered.
  const stop = onAbort(signal, () => end({ error: signal.reason }));
  answering.then(
    (result) => end({ result }),
    (error: unknown) => end({ error }),
  );
  answering.then(stop, stop);
  return answering;
}
