import { readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { describe, expect, it } from "vitest";
import type { Codex, ThreadStartOptions } from "../../../src/index.ts";
import type { ThreadStartParams } from "../../../src/protocol/index.ts";
import { startScripted } from "../../../src/testing/index.ts";
import { temporaryDirectory } from "../../../src/testing/temporary-directory.ts";
import { deferred } from "../../../src/util/deferred.ts";

/** How to start a thread in a directory. Resolves with its id. */
type Start = (codex: Codex, options: ThreadStartOptions) => Promise<string>;

const direct: Start = async (codex, { signal, timeoutMs, tools, ...params }) =>
  (await codex.request("thread/start", params as ThreadStartParams)).thread.id;

const started: Start = async (codex, options) => (await codex.threadStart(options)).id;

/** What a thread that has run a turn may do. */
async function permissionsOf(codex: Codex, start: Start, options: ThreadStartOptions) {
  await using directory = await temporaryDirectory("start-sandbox");
  const threadId = await start(codex, { ...options, cwd: directory.path });
  const ended = deferred<void>();
  using _ = codex.on("turn/completed", (turn) => turn.threadId === threadId && ended.resolve());
  await codex.request("turn/start", {
    threadId,
    input: [{ type: "text", text: "go", text_elements: [] }],
  });
  await ended.promise;
  const { sandbox, approvalPolicy } = await codex.request("thread/resume", { threadId });
  return { sandbox: placeless(sandbox, directory.path), approvalPolicy };
}

/** The sandbox without the parts of its paths that differ between two directories. */
function placeless(sandbox: object, directory: string): unknown {
  return JSON.parse(JSON.stringify(sandbox).replaceAll(directory, "DIRECTORY"));
}

const ROOTS = '[sandbox_workspace_write]\nwritable_roots = ["/var/tmp"]\nexclude_slash_tmp = true';
const NETWORK = { sandbox_workspace_write: { network_access: true } };

describe("the sandbox of a thread that names its directory is the one that thread/start sets", () => {
  it.each<[what: string, userConfig: string, options: ThreadStartOptions]>([
    ["by name", "", { sandbox: "workspace-write" }],
    ["full access", "", { sandbox: "danger-full-access", approvalPolicy: "never" }],
    ["a profile", "", { permissions: ":workspace" }],
    ["nothing", "", {}],
    [
      "one of the user's own profiles, without a default",
      '[permissions.mine.filesystem]\n":root" = "read"\n"/var/tmp" = "write"',
      { permissions: "mine" },
    ],
    ["read-only", 'sandbox_mode = "workspace-write"', { sandbox: "read-only" }],
    ["the user's", 'sandbox_mode = "workspace-write"', {}],
    ["the user's profile", 'default_permissions = ":danger-full-access"', {}],
    [
      "the user's profile before the user's sandbox",
      'sandbox_mode = "danger-full-access"\ndefault_permissions = ":workspace"',
      {},
    ],
    [
      "the thread's config before the user's",
      'default_permissions = ":workspace"',
      { config: { sandbox_mode: "danger-full-access" } },
    ],
    [
      "with the user's and the thread's details",
      ROOTS,
      { sandbox: "workspace-write", config: NETWORK },
    ],
    [
      "with roots that are relative to the directory and to the home",
      "",
      {
        sandbox: "workspace-write",
        config: { sandbox_workspace_write: { writable_roots: ["../beside", "~/cache"] } },
      },
    ],
    [
      "with a detail by its path",
      ROOTS,
      {
        config: {
          sandbox_mode: "workspace-write",
          "sandbox_workspace_write.network_access": true,
        },
      },
    ],
  ])("%s", async (_, userConfig, options) => {
    await using s = await startScripted({ script: () => "done", onWarning: () => {} });
    await s.codex.connect();
    const file = path.join(s.codex.metadata.codexHome ?? "", "config.toml");
    // Tables end the settings at the top level, so these come first or last.
    const original = await readFile(file, "utf8");
    const parts = userConfig.startsWith("[") ? [original, userConfig] : [userConfig, original];
    await writeFile(file, parts.join("\n"));
    const [asked, actual] = await Promise.all(
      [direct, started].map((start) => permissionsOf(s.codex, start, options)),
    );
    expect(actual).toEqual(asked);
  });
});
