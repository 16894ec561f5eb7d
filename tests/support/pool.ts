import { onTestFinished } from "vitest";
import type { CodexOptions } from "../../src/index.ts";
import { CodexPool, type CodexPoolOptions } from "../../src/pool/index.ts";
import { FakeAppServer } from "../../src/testing/fake-app-server.ts";
import type { Endpoint } from "../../src/transport/transport.ts";

export interface FakePoolOptions extends Partial<CodexPoolOptions> {
  readonly codexOptions?: CodexOptions;
  /** A closed server runs until this has resolved. */
  readonly closing?: () => void | Promise<void>;
}

export interface FakePool {
  readonly pool: CodexPool;
  /** The keys whose servers were started, in order. */
  readonly started: string[];
  /** The keys whose servers are running. */
  readonly running: string[];
  /** The newest server of a key. */
  server(key: string): FakeAppServer;
}

/**
 * A pool whose servers are fakes that start threads "t1", "t2", … `prepare` is called with each new
 * one.
 */
export function fakePool(
  { codexOptions, closing = () => {}, ...options }: FakePoolOptions = {},
  prepare: (server: FakeAppServer, key: string) => void | Promise<void> = () => {},
): FakePool {
  const started: string[] = [];
  const running: string[] = [];
  const servers = new Map<string, FakeAppServer>();
  const pool = new CodexPool({
    codex: (key) => {
      const server = new FakeAppServer();
      servers.set(key, server);
      let threads = 0;
      server.answer("thread/loaded/list", () => ({ data: [] }));
      server.answer("thread/unsubscribe", () => ({}));
      server.answer("thread/start", () => ({
        thread: { id: `t${++threads}`, status: { type: "idle" } },
      }));
      const transport = watched(server.endpoint, {
        opening: () => {
          started.push(key);
          return prepare(server, key);
        },
        opened: () => running.push(key),
        closing,
        closed: () => running.splice(running.indexOf(key), 1),
      });
      return { onWarning: () => {}, ...codexOptions, transport };
    },
    ...options,
  });
  onTestFinished(() => pool.close());
  const server = (key: string) => {
    const found = servers.get(key);
    if (found) return found;
    throw new Error(`no server was started for ${key}`);
  };
  return { pool, started, running, server };
}

interface Watcher {
  opening(): void | Promise<void>;
  opened(): void;
  closing(): void | Promise<void>;
  closed(): void;
}

function watched(endpoint: Endpoint, watcher: Watcher): Endpoint {
  return {
    ...endpoint,
    async connect(signal) {
      await watcher.opening();
      const transport = await endpoint.connect(signal);
      watcher.opened();
      return {
        ...transport,
        close: async () => {
          await watcher.closing();
          await transport.close();
        },
        listen: (events) =>
          transport.listen({
            ...events,
            message: (text) => events.message(text),
            closed: (reason) => {
              watcher.closed();
              events.closed(reason);
            },
          }),
      };
    },
  };
}
