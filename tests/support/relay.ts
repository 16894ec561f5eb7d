import { EventEmitter, once } from "node:events";
import { connect, createServer, type Socket } from "node:net";

/** A TCP relay to a server's port, whose connections a test can cut. */
export interface Relay extends AsyncDisposable {
  readonly port: number;
  /** How many connections it has accepted so far. */
  readonly taken: number;
  /** Cuts all connections, as a broken network would. */
  cut(): void;
  /** Holds back what the server sends, until the result is disposed of. */
  hold(): Disposable;
  /** Resolves when a client has sent something. */
  nextSent(): Promise<void>;
  /** Whether it accepts connections; initially true. */
  isOpen: boolean;
  /** Whether it forwards what clients send; initially true. */
  isForwarding: boolean;
}

export async function startRelay(targetPort: number): Promise<Relay> {
  const sockets = new Set<Socket>();
  const targets = new Set<Socket>();
  const sent = new EventEmitter();
  let taken = 0;
  const server = createServer((client) => {
    if (!relay.isOpen) {
      client.destroy();
      return;
    }
    taken++;
    const target = connect(targetPort, "127.0.0.1");
    targets.add(target);
    target.on("close", () => targets.delete(target));
    for (const [one, other] of [
      [client, target],
      [target, client],
    ] as const) {
      sockets.add(one);
      one.setNoDelay();
      one.on("error", () => {});
      one.on("data", (data) => {
        if (relay.isForwarding || one !== client) other.write(data);
        if (one === client) sent.emit("data");
      });
      one.on("close", () => {
        sockets.delete(one);
        other.destroy();
      });
    }
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const cut = () => {
    for (const socket of sockets) socket.resetAndDestroy();
  };
  const relay: Relay = {
    isOpen: true,
    isForwarding: true,
    port: (server.address() as { port: number }).port,
    get taken() {
      return taken;
    },
    cut,
    hold: () => {
      for (const target of targets) target.pause();
      return {
        [Symbol.dispose]: () => {
          for (const target of targets) target.resume();
        },
      };
    },
    nextSent: async () => {
      await once(sent, "data");
    },
    [Symbol.asyncDispose]: async () => {
      cut();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return relay;
}
