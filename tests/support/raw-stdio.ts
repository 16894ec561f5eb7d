import { createInterface } from "node:readline";
import type { AppServerProcess } from "../../src/process/app-server-process.ts";

/** A minimal client of a real server over its pipes, for tests of the layers below JSON-RPC. */
export function rawClient({ stdin, stdout }: Pick<AppServerProcess, "stdin" | "stdout">) {
  const answers = new Map<number, (result: never) => void>();
  let lastId = 0;
  createInterface({ input: stdout }).on("line", (line) => {
    const { id, result } = JSON.parse(line);
    answers.get(id)?.(result as never);
  });

  function request<Result>(method: string, params: unknown): Promise<Result> {
    const id = ++lastId;
    stdin.write(`${JSON.stringify({ id, method, params })}\n`);
    return new Promise((resolve) => answers.set(id, resolve));
  }

  async function initialize(): Promise<void> {
    const clientInfo = { name: "raw", title: null, version: "0" };
    await request("initialize", { clientInfo, capabilities: { experimentalApi: true } });
  }

  /** Starts a turn with a command from the scripted model, without waiting for its end. */
  async function startTurn(): Promise<void> {
    const settings = { sandbox: "danger-full-access", approvalPolicy: "never" };
    const { thread } = await request<{ thread: { id: string } }>("thread/start", settings);
    const input = [{ type: "text", text: "go", text_elements: [] }];
    await request("turn/start", { threadId: thread.id, input });
  }
  return { request, initialize, startTurn };
}
