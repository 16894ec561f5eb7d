import type { Warn } from "../errors/warning.ts";
import { PendingRequests } from "../session/pending-requests.ts";
import { Responder } from "../session/responder.ts";
import { Session } from "../session/session.ts";
import type { CodexStatus } from "../session/status.ts";
import { VersionCheck } from "../thread/server-version.ts";
import { stdio } from "../transport/stdio.ts";
import { EPHEMERAL_STORE, handlersOf, loginOf } from "./credentials.ts";
import { type CodexOptions, identity, overloadRetry, recoveryPolicy } from "./options.ts";
import { noting, recorderOf } from "./tracing.ts";

const DEFAULT_TIMEOUT_MS = 60_000;
const DEFAULT_TURN_IDLE_MS = 60_000;

interface SessionReports {
  readonly warn: Warn;
  /** Receives each line of the trace. */
  readonly watch: ((line: string) => void) | undefined;
  readonly onStatus: (status: CodexStatus) => void;
}

/** The session that a client's options describe. Its server is not started yet. */
export function openSession(
  options: CodexOptions,
  reports: SessionReports,
): { session: Session; pending: PendingRequests } {
  const logIn = loginOf(options);
  const config = logIn ? { ...options.config, ...EPHEMERAL_STORE } : options.config;
  const server = options.transport ?? stdio({ ...options, config });
  const recorder = recorderOf(options, server, reports.warn, reports.watch);
  const endpoint = recorder?.before(server) ?? server;
  const warn = noting(recorder, reports.warn);
  const pending = new PendingRequests(warn);
  const versionCheck = new VersionCheck(warn);
  const session = new Session({
    endpoint,
    recovery: recoveryPolicy(endpoint, options),
    turnIdleMs: options.turnIdleMs ?? DEFAULT_TURN_IDLE_MS,
    modelRetryMs: options.modelRetryMs ?? 0,
    client: identity(options),
    keepAlive: options.keepAlive ?? true,
    requestTimeoutMs: options.requestTimeoutMs ?? DEFAULT_TIMEOUT_MS,
    logIn,
    retry: overloadRetry(options),
    responder: new Responder({
      approvals: options.approvals,
      handlers: handlersOf(options),
      pending,
      warn,
    }),
    pending,
    recorder,
    warn,
    onStatus: (status) => {
      reports.onStatus(status);
      const { metadata } = session;
      if (status.state === "ready" && metadata) versionCheck.tell(metadata.serverInfo.version);
    },
  });
  return { session, pending };
}
