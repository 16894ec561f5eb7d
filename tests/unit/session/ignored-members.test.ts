import { describe, expect, it } from "vitest";
import { InvalidInputError } from "../../../src/index.ts";
import { FakeAppServer } from "../../../src/testing/index.ts";
import { failureOf } from "../../support/e2e.ts";
import { fakeClient } from "../../support/fake.ts";

function clientOf(version: string) {
  const server = new FakeAppServer();
  server.answer("initialize", () => ({ userAgent: `fake/${version} (memory)` }));
  server.answer("thread/start", () => ({ thread: { id: "t1", status: { type: "idle" } } }));
  server.answer("thread/fork", () => ({ thread: { id: "t2", status: { type: "idle" } } }));
  server.answer("thread/resume", () => ({ thread: { id: "t1", status: { type: "idle" } } }));
  return { server, codex: fakeClient({ transport: server.endpoint }).codex };
}

describe("limits that an old server would ignore", () => {
  it.each([{ permissions: ":read-only" }, { runtimeWorkspaceRoots: ["/srv/here"] }])(
    "are refused before they are sent: %o",
    async (limits) => {
      const { server, codex } = clientOf("0.125.0");
      const thread = await codex.threadStart();
      const failures = [
        await failureOf(codex.threadStart(limits)),
        await failureOf(codex.threadResume("t1", limits)),
        await failureOf(thread.fork(limits)),
        await failureOf(thread.run("go", limits)),
        await failureOf(codex.request("thread/start", limits)),
      ];
      for (const failure of failures) {
        expect(failure).toBeInstanceOf(InvalidInputError);
        expect(failure).toMatchObject({
          message: expect.stringContaining(Object.keys(limits)[0] ?? ""),
        });
      }
      expect(JSON.stringify(server.received)).not.toContain(
        JSON.stringify(Object.values(limits)[0]),
      );
    },
  );

  it("are refused by the version that ignores them: the environments of a thread's settings", async () => {
    const environments = [{ environmentId: "box", cwd: "/srv" }];
    const old = clientOf("0.168.0");
    const thread = await old.codex.threadStart({ environments });
    const failure = await failureOf(thread.updateSettings({ environments }));
    expect(failure).toMatchObject({
      message: expect.stringContaining("would ignore environments"),
    });
    const resumed = await old.codex.threadResume("t1", { environments });
    expect(await failureOf(resumed.shell("ls"))).toBeInstanceOf(InvalidInputError);
    const known = await clientOf("0.169.0").codex.threadStart({ environments });
    await known.updateSettings({ environments });
  });

  it("are sent to newer servers, and other members to all", async () => {
    const { codex } = clientOf("0.144.0");
    expect((await codex.threadStart({ permissions: ":read-only" })).id).toBe("t1");
    const old = clientOf("0.125.0");
    expect((await old.codex.threadStart({ sandbox: "read-only" })).id).toBe("t1");
  });
});
