import { CodexWarning, type Warn } from "../errors/warning.ts";
import type { Recorder } from "../session/trace.ts";
import { traceOptions } from "../trace/options.ts";
import type { ReceivedDelta, TraceRecorder } from "../trace/recorder.ts";
import { secretValuesOf } from "../trace/secret-variables.ts";
import type { Endpoint } from "../transport/transport.ts";
import { messageOf } from "../util/describe.ts";
import type { CodexOptions } from "./options.ts";

/** The recorder of the trace that the options or the environment ask for; `watch` receives each line. */
export function recorderOf(
  options: CodexOptions,
  endpoint: Endpoint,
  warn: Warn,
  watch?: (line: string) => void,
): LoadingRecorder | undefined {
  const file = traceOptions(options.trace);
  if (file === undefined && watch === undefined) return undefined;
  const failed = (path: string | undefined, cause: unknown) => {
    const what = path === undefined ? "The trace" : `The trace ${path}`;
    const message = `${what} can't be written and ends here; the client continues: ${messageOf(cause)}`;
    warn(new CodexWarning("TRACE_FAILED", message, { cause }));
  };
  const secretsNow = () => [
    ...secretValuesOf(process.env, options.env),
    ...(options.apiKey ? [options.apiKey] : []),
  ];
  // Programs delete secrets from their environment after passing them on.
  const secrets = secretsNow();
  return new LoadingRecorder(
    async () => {
      const [{ TraceRecorder }, { TraceMask }] = await Promise.all([
        import("../trace/recorder.ts"),
        import("../trace/mask.ts"),
      ]);
      const { name, outlivesTransport } = endpoint;
      const mask = new TraceMask(secrets);
      const recorder = new TraceRecorder({
        ...{ file, watch, failed },
        endpoint: { name, outlivesTransport },
        mask,
      });
      return { recorder, hideSecrets: () => mask.add(secretsNow()) };
    },
    (cause) => failed(file?.path, cause),
  );
}

/** Records each warning in the trace, and passes it on. */
export function noting(recorder: Recorder | undefined, warn: Warn): Warn {
  if (!recorder) return warn;
  return (warning) => {
    const { code, message } = warning;
    recorder.event("warning", { code, message });
    warn(warning);
  };
}

interface Loaded {
  readonly recorder: TraceRecorder;
  /** Also hides the secrets that the environment has now. */
  readonly hideSecrets: () => void;
}

/** A recorder whose code is loaded only by clients with a trace. Keeps the events before that; drops all if it fails. */
class LoadingRecorder implements Recorder {
  readonly #loaded: Promise<void>;
  #recorder: TraceRecorder | undefined;
  #hideSecrets = () => {};
  #early: ((recorder: TraceRecorder) => void)[] | undefined = [];

  /** `load` and `failed` are called once; `failed` if the code can't be loaded. */
  constructor(load: () => Promise<Loaded>, failed: (cause: unknown) => void) {
    const opened = ({ recorder, hideSecrets }: Loaded) => {
      this.#recorder = recorder;
      this.#hideSecrets = hideSecrets;
      for (const record of this.#early ?? []) record(recorder);
    };
    this.#loaded = load()
      .then(opened, failed)
      .finally(() => {
        this.#early = undefined;
      });
  }

  /** The same endpoint; it waits until messages can be recorded. */
  before(endpoint: Endpoint): Endpoint {
    const { name, outlivesTransport, sharesFiles } = endpoint;
    const connect = async (signal: AbortSignal) => {
      await this.#loaded;
      // The server gets the variables that are set when it starts, at some moment in between.
      this.#hideSecrets();
      return await endpoint.connect(signal).finally(this.#hideSecrets);
    };
    return { name, outlivesTransport, sharesFiles, connect };
  }

  message(...message: Parameters<Recorder["message"]>): void {
    this.#recorder?.message(...message);
  }

  delta(delta: ReceivedDelta): void {
    this.#recorder?.delta(delta);
  }

  event(event: string, details?: object): void {
    this.#record((recorder) => recorder.event(event, details));
  }

  /** Ends the trace. Resolves when its file is complete. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#record((recorder) => recorder[Symbol.dispose]());
    await this.#loaded;
  }

  #record(record: (recorder: TraceRecorder) => void): void {
    if (this.#recorder) record(this.#recorder);
    else this.#early?.push(record);
  }
}
