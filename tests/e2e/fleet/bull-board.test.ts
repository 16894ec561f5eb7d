import { spawn } from "node:child_process";
import { once } from "node:events";
import { get, type IncomingMessage } from "node:http";
import { join } from "node:path";
import { beforeAll, expect, it } from "vitest";
import { compileExamples } from "../../support/examples.ts";
import { TestFleet } from "../../support/fleet.ts";
import { describeWithRedis } from "../../support/redis.ts";

const program = join(import.meta.dirname, "../../../examples/dist/bull-board/server.js");

interface Shown {
  readonly queues: readonly {
    readonly name: string;
    readonly readOnlyMode: boolean;
    readonly counts: Readonly<Record<string, number>>;
    readonly jobs: readonly { readonly id: string; readonly data: { readonly thread: string } }[];
  }[];
}

describeWithRedis("Bull Board", () => {
  beforeAll(compileExamples, 60_000);

  it("shows the queue of a fleet and its turns", async () => {
    await using test = await TestFleet.start(() => "done");
    const turn = await test.fleet().run("go", { thread: "on-board" });
    const env = { ...process.env, REDIS_URL: test.redis.url, FLEET: test.name, PORT: "0" };
    const board = spawn(process.execPath, [program], { env, stdio: ["ignore", "pipe", "inherit"] });
    try {
      const [line] = await once(board.stdout.setEncoding("utf8"), "data");
      const url = String(line).trim();
      const page = await fetch(url);
      expect([page.status, await page.text()]).toEqual([200, expect.stringContaining("Bull")]);
      const asked = get(url, { headers: { host: "board.example" } });
      const [refused] = (await once(asked, "response")) as [IncomingMessage];
      expect(refused.resume().statusCode).toBe(403);
      const query = new URLSearchParams({ activeQueue: test.name, page: "1", jobsPerPage: "10" });
      const shown = (await (await fetch(`${url}/api/queues?${query}`)).json()) as Shown;
      expect(shown.queues).toMatchObject([
        {
          name: test.name,
          readOnlyMode: true,
          counts: { waiting: 1 },
          jobs: [{ id: `turn.${turn.id}`, data: { thread: "on-board" } }],
        },
      ]);
    } finally {
      const exited = once(board, "exit");
      board.kill();
      await exited;
    }
  });
});
