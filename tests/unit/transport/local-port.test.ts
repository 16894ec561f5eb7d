import { createServer } from "node:net";
import type { Duplex } from "node:stream";
import { afterEach, expect, it, vi } from "vitest";
import { LaunchError, websocket } from "../../../src/index.ts";
import { portUsers, portUsersIn } from "../../../src/transport/port-users.ts";
import { failureOf } from "../../support/e2e.ts";
import { startRawWebSocket } from "../../support/raw-websocket.ts";

vi.mock("../../../src/transport/port-users.ts", { spy: true });

afterEach(() => {
  vi.resetAllMocks();
});

const signal = new AbortController().signal;
/** Ends the stream at the first frame, which closes the connection. */
const hangUp = (stream: Duplex) => void stream.once("data", () => stream.end());
/** A user who is neither root nor the one of this process. */
const [SERVICE, THIEF] = [54_321, 54_322];

it("another user who takes the port of a server gets no connection, and so no token", async () => {
  await using server = await startRawWebSocket(hangUp);
  const endpoint = websocket(server.url, { token: "a-token" });
  const connectTo = async (...users: number[]) => {
    vi.mocked(portUsers).mockResolvedValueOnce(users);
    await (await endpoint.connect(signal)).close();
  };
  await connectTo(SERVICE);
  const before = server.accepted();
  for (const users of [[THIEF], [SERVICE, THIEF], []]) {
    const error = await failureOf(connectTo(...users));
    expect(error).toBeInstanceOf(LaunchError);
    expect(error.message).toContain("belongs to a different user than before");
  }
  expect(server.accepted()).toBe(before);
  await connectTo(SERVICE);
  await connectTo(0);
  await connectTo(process.getuid?.() ?? 0);
});

it("another user who listens on the other address of localhost gets no token", async () => {
  await using server = await startRawWebSocket(() => {});
  const listening = (users: Record<string, number[]>) =>
    vi.mocked(portUsers).mockImplementation(async (address) => users[address] ?? []);
  const named = websocket(server.url.replace("127.0.0.1", "localhost"), { token: "a-token" });
  listening({ "127.0.0.1": [SERVICE], "::1": [THIEF] });
  const error = await failureOf(named.connect(signal));
  expect(error).toBeInstanceOf(LaunchError);
  expect(error.message).toContain(`several users (uid ${SERVICE}, ${THIEF}) listen on this port`);
  expect(server.accepted()).toBe(0);
  await (await websocket(server.url).connect(signal)).close();
  listening({ "127.0.0.1": [SERVICE] });
  await (await named.connect(signal)).close();
  listening({ "127.0.0.1": [SERVICE], "::1": [THIEF] });
  expect((await failureOf(named.connect(signal))).message).toContain(
    "a different user than before",
  );
});

it("a user who refuses the handshake isn't the one that is trusted", async () => {
  const deaf = createServer((socket) => void socket.on("error", () => {}).destroy());
  await new Promise<void>((resolve) => deaf.listen(0, "127.0.0.1", resolve));
  const { port } = deaf.address() as { port: number };
  const endpoint = websocket(`ws://127.0.0.1:${port}`);
  vi.mocked(portUsers).mockResolvedValueOnce([THIEF]);
  await failureOf(endpoint.connect(signal));
  vi.mocked(portUsers).mockResolvedValueOnce([SERVICE]);
  expect((await failureOf(endpoint.connect(signal))).message).not.toContain("different user");
  deaf.close();
});

it("where the system doesn't show who listens, nothing is refused", async () => {
  await using server = await startRawWebSocket(hangUp);
  const endpoint = websocket(server.url);
  for (const users of [[SERVICE], undefined]) {
    vi.mocked(portUsers).mockResolvedValueOnce(users);
    await (await endpoint.connect(signal)).close();
  }
});

it("reconnects to a forwarded port on which no process of this machine listens", async () => {
  await using server = await startRawWebSocket(hangUp);
  const endpoint = websocket(server.url);
  for (const users of [[], [], [SERVICE], [SERVICE]]) {
    vi.mocked(portUsers).mockResolvedValueOnce(users);
    await (await endpoint.connect(signal)).close();
  }
  vi.mocked(portUsers).mockResolvedValueOnce([THIEF]);
  expect((await failureOf(endpoint.connect(signal))).message).toContain("different user");
});

it("the system shows this process as the one that listens here, at each kind of address", async () => {
  for (const [host, address] of [
    ["127.0.0.1", "127.0.0.1"],
    ["127.0.0.2", "127.0.0.2"],
    ["0.0.0.0", "127.0.0.1"],
  ] as const) {
    if (process.platform !== "linux" && host === "127.0.0.2") continue;
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, host, resolve));
    const { port } = server.address() as { port: number };
    const expected = process.platform === "linux" ? [process.getuid?.()] : undefined;
    expect(await portUsers(address, port)).toEqual(expected);
    server.close();
  }
});

it("who listens is found by address and port", () => {
  const line = (local: string, uid: number, state = "0A") =>
    `   0: ${local} 0100007F:B111 ${state} 00000000:00000000 00:00000000 00000000 ${uid} 0 1 1 0 100`;
  const V6 = "00000000000000000000000001000000";
  const MAPPED = "0000000000000000FFFF00000100007F";
  const table = [
    "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode",
    line("0100007F:1F90", 1),
    line("0100007F:1F91", 2),
    line("0200007F:1F90", 3),
    line("00000000:1F90", 4),
    line("0100007F:1F90", 5, "01"),
    line(`${V6}:1F90`, 6),
    line(`${MAPPED}:1F90`, 7),
    line("00000000000000000000000000000000:1F90", 8),
  ].join("\n");
  expect(portUsersIn(table, "127.0.0.1", 8080)).toEqual([1, 4, 7, 8]);
  expect(portUsersIn(table, "::ffff:127.0.0.1", 8080)).toEqual([1, 4, 7, 8]);
  expect(portUsersIn(table, "::1", 8080)).toEqual([4, 6, 8]);
  expect(portUsersIn(table, "127.0.0.1", 8081)).toEqual([2]);
  expect(portUsersIn(table, "127.0.0.1", 80)).toEqual([]);
});
