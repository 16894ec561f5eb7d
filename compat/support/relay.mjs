import { once } from "node:events";
import { connect, createServer } from "node:net";

/** A relay to a local port. A behaviour can cut its connections, and refuse new ones for a while. */
export async function startRelay(targetPort) {
  const sockets = new Set();
  let refuses = false;
  const relay = createServer((client) => {
    if (refuses) {
      client.destroy();
      return;
    }
    const target = connect(targetPort, "127.0.0.1");
    join(client, target);
    join(target, client);
  });
  const join = (from, to) => {
    sockets.add(from);
    from.on("error", () => {});
    from.on("data", (data) => to.write(data));
    from.on("close", () => {
      sockets.delete(from);
      to.destroy();
    });
  };
  const cut = () => {
    for (const socket of sockets) socket.resetAndDestroy();
  };
  relay.listen(0, "127.0.0.1");
  await once(relay, "listening");
  return {
    port: relay.address().port,
    cut,
    /** Cuts the connections, and refuses new ones until `resume`. */
    pause() {
      refuses = true;
      cut();
    },
    resume() {
      refuses = false;
    },
    async [Symbol.asyncDispose]() {
      refuses = true;
      cut();
      relay.close();
      await once(relay, "close");
    },
  };
}
