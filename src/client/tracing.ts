import { CodexWarning, type Warn } from "../errors/warning.ts";
import { secretValuesOf, TraceMask } from "../trace/mask.ts";
import { traceOptions } from "../trace/options.ts";
import { TraceRecorder } from "../trace/recorder.ts";
import type { Endpoint } from "../transport/transport.ts";
import { messageOf } from "../util/describe.ts";
import type { CodexOptions } from "./options.ts";

/** The recorder of the trace that the options or the environment ask for; `watch` receives each line. */
export function recorderOf(
  options: CodexOptions,
  endpoint: Endpoint,
  warn: Warn,
  watch?: (line: string) => void,
): TraceRecorder | undefined {
  const file = traceOptions(options.trace);
  if (file === undefined && watch === undefined) return undefined;
  const { name, outlivesTransport } = endpoint;
  const secrets = [
    ...secretValuesOf(process.env, options.env),
    ...(options.apiKey ? [options.apiKey] : []),
  ];
  return new TraceRecorder({
    ...{ file, watch },
    endpoint: { name, outlivesTransport },
    mask: new TraceMask(secrets),
    failed: (file, cause) => {
      const message = `The trace ${file} can't be written and ends here; the client continues: ${messageOf(cause)}`;
      warn(new CodexWarning("TRACE_FAILED", message, { cause }));
    },
  });
}

/** Records each warning in the trace, and passes it on. */
export function noting(recorder: TraceRecorder | undefined, warn: Warn): Warn {
  if (!recorder) return warn;
  return (warning) => {
    const { code, message } = warning;
    recorder.event("warning", { code, message });
    warn(warning);
  };
}
