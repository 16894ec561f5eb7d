import { on, once } from "node:events";
import { WebSocket } from "ws";

/** Sends a request on its own connection, without the SDK, which would delay or refuse some of them. */
export async function rawRequest(server, method, params) {
  const headers = { authorization: `Bearer ${server.token}` };
  const socket = new WebSocket(server.address, { headers });
  await once(socket, "open");
  try {
    const clientInfo = { name: "raw", title: null, version: "0.0.0" };
    await ask(socket, { id: 1, method: "initialize", params: { clientInfo } });
    socket.send(JSON.stringify({ method: "initialized" }));
    return await ask(socket, { id: 2, method, params });
  } finally {
    socket.terminate();
  }
}

async function ask(socket, request) {
  socket.send(JSON.stringify(request));
  for await (const [data] of on(socket, "message")) {
    const { id, result, error } = JSON.parse(data);
    if (id !== request.id) continue;
    if (error) throw new Error(`${request.method}: ${error.message}`);
    return result;
  }
}
