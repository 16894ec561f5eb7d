import { mkdir, readdir, readFile, symlink, writeFile } from "node:fs/promises";
import path from "node:path";
import { expect, it } from "vitest";
import { command, failure, reply, text } from "../../../src/testing/index.ts";
import { commandLine } from "../../support/command-line.ts";

const { place, run, configured } = commandLine();

it("also writes the answer to a file, which a failed turn leaves empty", async () => {
  const { env } = await configured(
    reply(text("Let me see.", { phase: "commentary" }), text("Done.")),
    failure(400, { error: { message: "No such model" } }),
  );
  const file = path.join(place.project, "answer.txt");
  await run(["-o", "answer.txt", "hi"], env);
  expect(await readFile(file, "utf8")).toBe("Done.");
  expect((await run(["-o", "answer.txt", "hi"], env)).code).toBe(1);
  expect(await readFile(file, "utf8")).toBe("");
});

it("doesn't write the answer through a link, whether it existed before the turn or the agent created it", async () => {
  const full = { ...(await configured(command("ln -sf ../victim answer.txt"), "evil")).env };
  const victim = path.join(place.root, "victim");
  await writeFile(victim, "mine");
  const args = ["-s", "danger-full-access", "-a", "never", "-o", "answer.txt", "hi"];
  const replaced = await run(args, full);
  expect(replaced.stderr).toContain('"answer.txt" was replaced during the turn');
  expect(replaced.code).toBe(2);
  expect(await readFile(victim, "utf8")).toBe("mine");
  const planted = await run(args, full);
  expect(planted.stderr).toContain('"answer.txt" is a symbolic link');
  expect(planted.code).toBe(2);
  expect(await readFile(victim, "utf8")).toBe("mine");
});

it("doesn't write the answer through a link to another folder", async () => {
  const { env } = await configured("evil", "fine");
  const { project, root } = place;
  await mkdir(path.join(root, "outside"));
  await mkdir(path.join(project, "inside"));
  await symlink("../outside", path.join(project, "out"));
  await symlink("inside", path.join(project, "in"));
  const refused = await run(["-o", "out/answer.txt", "hi"], env);
  expect(refused.stderr).toMatch(
    /"out\/answer.txt" is reached through a symbolic link; its real folder is \S+outside: /,
  );
  expect(refused.code).toBe(2);
  expect(await readdir(path.join(root, "outside"))).toEqual([]);
  await run(["-o", "in/answer.txt", "hi"], env);
  expect(await readFile(path.join(project, "inside", "answer.txt"), "utf8")).toBe("evil");
});

it("requires an answer that matches a schema", async () => {
  const { model, env } = await configured('{"ok":true}', '{"ok":1}');
  const schema = {
    type: "object",
    properties: { ok: { type: "boolean" } },
    required: ["ok"],
    additionalProperties: false,
  };
  await writeFile(path.join(place.project, "schema.json"), JSON.stringify(schema));
  const args = ["--json", "--output-schema", "schema.json", "hi"];
  expect((await run(args, env)).code).toBe(0);
  expect(model.requests[0]?.body).toMatchObject({ text: { format: { schema } } });
  const { stdout, stderr, code } = await run(args, env);
  expect(stderr).toContain("doesn't match its output schema: ok: ");
  expect(JSON.parse(stdout.trim().split("\n").at(-1) ?? "")).toMatchObject({
    type: "error",
    code: "OUTPUT_INVALID",
  });
  expect(code).toBe(1);
});
