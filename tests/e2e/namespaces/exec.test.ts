import { describe, expect, test } from "vitest";
import { collect, failureOf, sharedServer } from "../../support/e2e.ts";

const server = sharedServer();
const options = () => ({ cwd: server.cwd });

describe("codex.exec", () => {
  test("yields output as it is printed, to every reader from the beginning", async () => {
    const command = server.codex.exec(["sh", "-c", "echo one; read line; echo $line"], options());
    const early = command.stream();
    expect((await early.next()).value).toEqual({ stream: "stdout", text: "one\n" });
    await command.write("two\n");
    const { stdout } = await command.run();
    expect(stdout).toBe("one\ntwo\n");
    const texts = (await collect(command.stream())).map(({ text }) => text);
    expect(texts.join("")).toBe("one\ntwo\n");
    expect((await collect(early)).map(({ text }) => text).join("")).toBe("two\n");
  });

  test("decodes characters that the server has split", async () => {
    const script = String.raw`printf '\303'; sleep 0.05; printf '\244'`;
    const { stdout } = await server.codex.exec(["sh", "-c", script], options()).run();
    expect(stdout).toBe("ä");
  });

  test("gives a command a terminal of any size", async () => {
    const command = server.codex.exec(["sh", "-c", "stty size; read line; stty size"], {
      ...options(),
      sandboxPolicy: { type: "dangerFullAccess" },
      tty: true,
      size: { rows: 10, cols: 40 },
    });
    const output = command.stream();
    expect((await output.next()).value?.text).toContain("10 40");
    await command.resize({ rows: 20, cols: 90 });
    await command.write("\n");
    expect((await command.run()).stdout).toContain("20 90");
  });

  test("ends a command that is killed", async () => {
    const command = server.codex.exec(["sh", "-c", "echo ready; sleep 600"], options());
    await command.stream().next();
    await command.kill();
    expect((await command.run()).exitCode).not.toBe(0);
    await command.kill();
  });

  test("ends a command whose signal aborts, and rejects with its reason", async () => {
    const controller = new AbortController();
    const { signal } = controller;
    const command = server.codex.exec(["sh", "-c", "echo ready; sleep 600"], {
      ...options(),
      signal,
    });
    await command.stream().next();
    controller.abort(new Error("enough"));
    await expect(command.run()).rejects.toThrow("enough");
    await expect(collect(command.stream())).rejects.toThrow("enough");
  });

  test("closes stdin", async () => {
    const command = server.codex.exec(["cat"], options());
    await command.write("to the end");
    await command.closeStdin();
    expect((await command.run()).stdout).toBe("to the end");
  });

  test("rejects a program that doesn't exist, and a command that isn't a list", async () => {
    const missing = server.codex.exec(["/no/such/program"], {
      ...options(),
      sandboxPolicy: { type: "dangerFullAccess" },
    });
    expect(await failureOf(missing.run())).toMatchObject({
      name: expect.stringContaining("Error"),
    });
    expect(() => server.codex.exec("ls -l" as never)).toThrow(
      'exec: the command must be a list of a program and its arguments, not the string "ls -l"',
    );
  });
});
