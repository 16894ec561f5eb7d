import {
  chmodSync,
  chownSync,
  lchownSync,
  mkdirSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { createServer, type Server } from "node:net";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Codex, LaunchError, unixSocket } from "../../../src/index.ts";
import {
  type TemporaryDirectory,
  temporaryDirectory,
} from "../../../src/testing/temporary-directory.ts";
import { privateGroup, privateGroupAmong } from "../../../src/transport/private-group.ts";
import { failureOf } from "../../support/e2e.ts";

vi.mock("../../../src/transport/private-group.ts", { spy: true });

let folder: TemporaryDirectory;
let servers: Server[];
beforeEach(async () => {
  folder = await temporaryDirectory("codex-owner-");
  servers = [];
});
afterEach(async () => {
  vi.restoreAllMocks();
  for (const server of servers) server.close();
  await folder[Symbol.asyncDispose]();
});

const at = (...path: string[]) => join(folder.path, ...path);

/** A server that ends the connection at every handshake, so a client that has connected reports this. */
async function listenOn(path: string): Promise<string> {
  const server = createServer((socket) => {
    socket.on("error", () => {});
    socket.once("data", () => socket.destroy());
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(path, resolve));
  return path;
}

/** Makes the owner of these files a different user than this process. Only root can change the owner. */
function give(...paths: string[]): void {
  if (process.getuid?.() === 0) for (const path of paths) chownSync(path, 12_345, 12_345);
  else vi.spyOn(process, "getuid").mockReturnValue(12_345);
}

async function refusal(path: string, options = {}): Promise<string> {
  const codex = new Codex({ transport: unixSocket(path, options) });
  const error = await failureOf(codex.connect());
  await codex.close();
  expect(error).toBeInstanceOf(LaunchError);
  return error.message;
}

const CONNECTED = "socket hang up";

describe("a socket that nothing listens on", () => {
  // The first WebSocket of a process loads the `ws` package, and the socket fails in the meantime.
  it("is an error of the call, not an uncaught error of its stream", async () => {
    const left = at("left.sock");
    await listenOn(left);
    await new Promise((resolve) => servers.pop()?.close(resolve));
    writeFileSync(left, "");
    expect(await refusal(left)).toMatch(/unix:\/\/.*left\.sock.*ECONNREFUSED.*Is it running there/);
    expect(await refusal(at("none.sock"))).toContain("ENOENT");
  });
});

describe("the owner of a socket", () => {
  it("a socket of this user is accepted, even through this user's link", async () => {
    const path = await listenOn(at("s.sock"));
    symlinkSync(path, at("link.sock"));
    expect(await refusal(path)).toContain(CONNECTED);
    expect(await refusal(at("link.sock"))).toContain(CONNECTED);
  });

  it("a socket in a world-writable folder with the sticky bit is safe", async () => {
    mkdirSync(at("tmp"));
    chmodSync(at("tmp"), 0o1777);
    expect(await refusal(await listenOn(at("tmp", "s.sock")))).toContain(CONNECTED);
  });

  it("another user's socket is refused, unless that is allowed", async () => {
    const path = await listenOn(at("s.sock"));
    give(path);
    expect(await refusal(path)).toMatch(/isn't trusted: .* belongs to another user \(uid \d+/);
    expect(await refusal(path, { allowOtherOwner: true })).toContain(CONNECTED);
  });

  it("a socket in another user's folder is refused, even through a link", async () => {
    mkdirSync(at("theirs"));
    const path = await listenOn(at("theirs", "s.sock"));
    symlinkSync(at("theirs"), at("mine"));
    give(at("theirs"));
    expect(await refusal(path)).toContain("theirs belongs to another user");
    expect(await refusal(at("mine", "s.sock"))).toContain("belongs to another user");
  });

  it("a socket that every user can replace is refused", async () => {
    mkdirSync(at("open"));
    chmodSync(at("open"), 0o777);
    const path = await listenOn(at("open", "s.sock"));
    expect(await refusal(path)).toContain("open is a folder in which every user can replace files");
    rmSync(path);
  });

  it("a socket that a group can replace is refused, unless it is the user's own group", async () => {
    mkdirSync(at("team"));
    const path = await listenOn(at("team", "s.sock"));
    chmodSync(at("team"), 0o770);
    vi.mocked(privateGroup).mockResolvedValue(undefined);
    const { gid } = statSync(at("team"));
    const message = await refusal(path);
    expect(message).toContain(`team is a folder in which the group ${gid} can replace files`);
    expect(message).toContain("chmod go-w");
    chmodSync(at("team"), 0o1770);
    expect(await refusal(path)).toContain(CONNECTED);
    chmodSync(at("team"), 0o770);
    vi.mocked(privateGroup).mockResolvedValue(gid);
    expect(await refusal(path)).toContain(CONNECTED);
    vi.mocked(privateGroup).mockResolvedValue(gid + 1);
    expect(await refusal(path)).toContain("can replace files");
  });
});

describe("links in the middle of the path", () => {
  // Neither `realpath` of the whole nor the folders of the path as written contain `open/hop`.
  it("are followed one by one: the folder of each can be replaced, too", async () => {
    mkdirSync(at("safe"));
    mkdirSync(at("open"));
    const path = await listenOn(at("safe", "s.sock"));
    symlinkSync(at("safe"), at("open", "hop"));
    symlinkSync(join("open", "hop"), at("way"));
    expect(await refusal(at("way", "s.sock"))).toContain(CONNECTED);
    chmodSync(at("open"), 0o777);
    expect(await refusal(at("way", "s.sock"))).toContain("open is a folder in which every user");
    expect(await refusal(path)).toContain(CONNECTED);
    chmodSync(at("open"), 0o1777);
    expect(await refusal(at("way", "s.sock"))).toContain(CONNECTED);
  });

  it("belong to this user or to root, in a folder with the sticky bit too", async () => {
    mkdirSync(at("safe"));
    mkdirSync(at("tmp"));
    chmodSync(at("tmp"), 0o1777);
    await listenOn(at("safe", "s.sock"));
    symlinkSync(at("safe"), at("tmp", "hop"));
    symlinkSync(at("tmp", "hop"), at("way"));
    if (process.getuid?.() !== 0) return;
    lchownSync(at("tmp", "hop"), 12_345, 12_345);
    expect(await refusal(at("way", "s.sock"))).toContain("hop belongs to another user");
  });

  it("are followed up and back like the system does", async () => {
    mkdirSync(at("a", "b"), { recursive: true });
    await listenOn(at("s.sock"));
    symlinkSync("a/b", at("deep"));
    symlinkSync("../../s.sock", at("a", "b", "link.sock"));
    expect(await refusal(at("deep", "link.sock"))).toContain(CONNECTED);
  });

  it("that form a cycle are refused", async () => {
    symlinkSync("two", at("one"));
    symlinkSync("one", at("two"));
    expect(await refusal(at("one", "s.sock"))).toContain("too many symbolic links");
  });
});

it("a socket that is replaced during the connection is refused", async () => {
  const path = await listenOn(at("s.sock"));
  vi.mocked(privateGroup).mockImplementationOnce(async () => undefined);
  vi.mocked(privateGroup).mockImplementationOnce(async () => {
    rmSync(path);
    await listenOn(path);
    return undefined;
  });
  expect(await refusal(path)).toContain("the socket was replaced while connecting");
});

describe("a user's own group", () => {
  const users = ["root:x:0:0", "ann:x:1000:1000", "bob:x:1001:100", "eve:x:1002:1002"];
  const groups = ["root:x:0:", "users:x:100:", "ann:x:1000:ann", "eve:x:1002:bob", ""];
  const among = (uid: number, moreUsers: string[] = []) =>
    privateGroupAmong(
      uid,
      [...users, ...moreUsers].map((line) => line.split(":")),
      groups.map((line) => line.split(":")),
    );

  it("has the user's name and no other members", () => {
    expect(among(1000)).toBe(1000);
    expect(among(0)).toBe(0);
    expect(among(1001)).toBeUndefined();
    expect(among(1002)).toBeUndefined();
    expect(among(4711)).toBeUndefined();
    expect(among(1000, ["mallory:x:1003:1000"])).toBeUndefined();
  });
});

it.each([
  [["", {}], 'unixSocket option path must be a non-empty string, not ""'],
  [[5, {}], "unixSocket option path must be a non-empty string, not 5"],
  [["/s", { maxMesageBytes: 1 }], 'unixSocket has no option "maxMesageBytes"'],
  [["/s", { maxMessageBytes: 0 }], "maxMessageBytes must be a whole number of bytes from 1 to"],
  [["/s", { maxMessageBytes: 2 ** 30 }], "maxMessageBytes must be a whole number of bytes from 1"],
  [["/s", { allowOtherOwner: "yes" }], "allowOtherOwner must be a boolean"],
])("%j is a TypeError that says so", (args, message) => {
  expect(() => unixSocket(...(args as [string, object]))).toThrow(TypeError);
  expect(() => unixSocket(...(args as [string, object]))).toThrow(message);
});
