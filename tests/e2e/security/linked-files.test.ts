import { existsSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { mkdir, realpath } from "node:fs/promises";
import path from "node:path";
import { describe, expect, test } from "vitest";
import {
  type Approvals,
  describeRequest,
  type RequestContext,
  type RequestDescription,
  type RequestOption,
  RequestSettledError,
  unescapeVisible,
} from "../../../src/index.ts";
import { command, functionCall, patch, startScripted } from "../../../src/testing/index.ts";
import { temporaryDirectory } from "../../../src/testing/temporary-directory.ts";

const change = (body: string) => patch(`*** Begin Patch\n${body}\n*** End Patch\n`);

/** A project in which the folder "docs" leads out of it, to a folder that the agent can't write to. */
async function scene() {
  const directory = await temporaryDirectory("linked-files");
  const root = await realpath(directory.path);
  const project = path.join(root, "project");
  const outside = path.join(root, "outside");
  await mkdir(project);
  await mkdir(outside);
  symlinkSync(outside, path.join(project, "docs"));
  return {
    project,
    outside,
    [Symbol.asyncDispose]: () => directory[Symbol.asyncDispose](),
  };
}

interface Ran {
  readonly seen: readonly RequestDescription[];
  readonly warnings: readonly string[];
  readonly statuses: readonly unknown[];
}

/** Runs a turn in the folder, which applies these changes; `choose` answers each approval. */
async function run(
  cwd: string,
  bodies: readonly string[],
  choose: (options: readonly RequestOption[]) => RequestOption | undefined,
): Promise<Ran> {
  const seen: RequestDescription[] = [];
  const warnings: string[] = [];
  const fileChange = (params: unknown, context: RequestContext) => {
    const { method, item, exactNumbers, fileWarnings } = context;
    const description = describeRequest(method, params, item, exactNumbers, fileWarnings);
    seen.push(description);
    return choose(description.options)?.decision as "accept";
  };
  const approvals: Approvals = { fileChange };
  await using s = await startScripted({
    script: ({ index }) => (index < bodies.length ? change(bodies[index] ?? "") : "done"),
    approvals,
    onWarning: ({ message }) => warnings.push(message),
  });
  const policy = { approvalPolicy: "on-request", sandbox: "read-only" } as const;
  const thread = await s.codex.threadStart({ cwd, ...policy });
  const { items } = await thread.run("go");
  const changes = items.filter(({ type }) => type === "fileChange");
  return { seen, warnings, statuses: changes.map((item) => "status" in item && item.status) };
}

const accept = (options: readonly RequestOption[]) => options.find(({ id }) => id === "accept");
const forSession = (options: readonly RequestOption[]) =>
  options.find(({ id }) => id === "acceptForSession");

function warningsIn(seen: readonly RequestDescription[]): string[] {
  return seen.flatMap(({ sections }) =>
    sections.filter(({ role }) => role === "warning").map(({ text }) => unescapeVisible(text)),
  );
}

describe.skipIf(process.platform === "win32")("a change of a file", () => {
  test("whose path leads through a link is shown with the place where it is written", async () => {
    await using s = await scene();
    const ran = await run(s.project, ["*** Add File: docs/keys\n+key"], accept);
    const target = path.join(s.outside, "keys");
    expect(warningsIn(ran.seen)).toEqual([
      `${path.join(s.project, "docs/keys")} leads through a link. The real path is ${target}.`,
    ]);
    expect(readFileSync(target, "utf8")).toBe("key\n");
  });

  test("in a project that is itself reached through a link has no warning", async () => {
    await using s = await scene();
    const link = path.join(s.outside, "link");
    symlinkSync(s.project, link);
    const ran = await run(link, ["*** Add File: a.txt\n+text"], accept);
    expect(warningsIn(ran.seen)).toEqual([]);
    expect(existsSync(path.join(s.project, "a.txt"))).toBe(true);
  });

  test("is declined if a link has changed where it is written since it was shown", async () => {
    await using s = await scene();
    const docs = path.join(s.project, "docs");
    rmSync(docs);
    await mkdir(docs);
    const ran = await run(s.project, ["*** Add File: docs/keys\n+key"], (options) => {
      rmSync(docs, { recursive: true });
      symlinkSync(s.outside, docs);
      return accept(options);
    });
    expect(ran.statuses).toEqual(["declined"]);
    expect(existsSync(path.join(s.outside, "keys"))).toBe(false);
    expect(ran.warnings.join()).toContain("An accepted request was declined");
  });

  test("has the same warning as a command whose directory, and permissions whose paths, lead through a link", async () => {
    await using s = await scene();
    const docs = path.join(s.project, "docs");
    const seen: RequestDescription[] = [];
    const rule = (params: unknown, context: RequestContext) => {
      const { method, item, exactNumbers, fileWarnings } = context;
      seen.push(describeRequest(method, params, item, exactNumbers, fileWarnings));
      return "decline" as const;
    };
    const ask = functionCall("request_permissions", {
      reason: "for the docs",
      permissions: { file_system: { write: [docs] } },
    });
    const script = ({ index }: { index: number }) =>
      [command("pwd", { escalate: "to see", args: { workdir: docs } }), ask][index] ?? "done";
    await using run = await startScripted({
      script,
      approvals: { command: rule, permissions: rule },
      config: { features: { request_permissions_tool: true } },
      onWarning: () => {},
    });
    const policy = { approvalPolicy: "on-request", sandbox: "read-only" } as const;
    await (await run.codex.threadStart({ cwd: s.project, ...policy })).run("go");
    const warning = `${docs} leads through a link. The real path is ${s.outside}.`;
    expect(seen.map(({ kind }) => kind)).toEqual(["command", "permissions"]);
    expect(warningsIn(seen)).toEqual([warning, warning]);
  });

  test("that adds or moves a file to a place where there is one is shown as replacing it", async () => {
    await using s = await scene();
    writeFileSync(path.join(s.project, "kept.txt"), "important");
    writeFileSync(path.join(s.project, "a.txt"), "text\n");
    const add = "*** Add File: kept.txt\n+other";
    const move = "*** Update File: a.txt\n*** Move to: kept.txt\n@@\n-text\n+moved";
    const ran = await run(s.project, [add, move], accept);
    const warning = `${path.join(s.project, "kept.txt")} already exists. Its content would be lost.`;
    expect(warningsIn(ran.seen)).toEqual([warning, warning]);
    expect(readFileSync(path.join(s.project, "kept.txt"), "utf8")).toBe("moved\n");
  });

  test("is declined if a file has appeared in its place since it was shown", async () => {
    await using s = await scene();
    const file = path.join(s.project, "new.txt");
    const ran = await run(s.project, ["*** Add File: new.txt\n+other"], (options) => {
      writeFileSync(file, "important");
      return accept(options);
    });
    expect(ran.statuses).toEqual(["declined"]);
    expect(readFileSync(file, "utf8")).toBe("important");
  });

  test("that has changed since it was shown can't be accepted by codex.requests, which says so", async () => {
    await using s = await scene();
    const docs = path.join(s.project, "docs");
    rmSync(docs);
    await mkdir(docs);
    await using run = await startScripted({
      script: ({ index }) => (index === 0 ? change("*** Add File: docs/keys\n+key") : "done"),
      approvals: "ask",
      onWarning: () => {},
    });
    const policy = { approvalPolicy: "on-request", sandbox: "read-only" } as const;
    const thread = await run.codex.threadStart({ cwd: s.project, ...policy });
    const settled: unknown[] = [];
    run.codex.requests.on("settled", (_request, reason, option) => {
      settled.push([reason, option?.id]);
    });
    const running = thread.run("go");
    const request = await run.codex.requests.next();
    rmSync(docs, { recursive: true });
    symlinkSync(s.outside, docs);
    await expect(request?.answer("accept")).rejects.toThrow(RequestSettledError);
    const { items } = await running;
    const changed = items.find(({ type }) => type === "fileChange");
    expect(changed).toMatchObject({ status: "declined" });
    expect(settled).toEqual([["changed", undefined]]);
  });

  test("that is accepted for the session also accepts other changes of that file, and says so", async () => {
    await using s = await scene();
    const first = "*** Add File: a.txt\n+harmless";
    const second = "*** Update File: a.txt\n@@\n-harmless\n+other";
    const ran = await run(s.project, [first, second, "*** Delete File: a.txt"], forSession);
    expect(ran.statuses).toEqual(["completed", "completed", "completed"]);
    expect(ran.seen).toHaveLength(1);
    const { grants = [] } = forSession(ran.seen[0]?.options ?? []) ?? {};
    expect(grants.map(({ label, text }) => `${label}: ${unescapeVisible(text)}`)).toEqual([
      `In this session, allows changing and deleting: ${path.join(s.project, "a.txt")}`,
    ]);
  });
});
