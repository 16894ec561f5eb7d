import { expect, test, vi } from "vitest";
import { command, startScripted } from "../../../src/testing/index.ts";

test("commands of a scripted server can't see credentials of the test process", async () => {
  const credentials = {
    AWS_SECRET_ACCESS_KEY: "planted-1",
    AZURE_CLIENT_SECRET: "planted-2",
    GITHUB_TOKEN: "planted-3",
    GOOGLE_APPLICATION_CREDENTIALS: "planted-4",
    MY_OWN: "planted-5",
  };
  for (const [name, value] of Object.entries(credentials)) vi.stubEnv(name, value);
  await using s = await startScripted({
    script: [command("env"), "done"],
    env: { ASKED_FOR: "planted-6" },
  });
  const thread = await s.codex.threadStart({
    sandbox: "danger-full-access",
    approvalPolicy: "never",
  });
  await thread.run("go");
  const output = s.model.requests[1]?.lastOutput ?? "";
  expect(output.match(/planted-\d/g)).toEqual(["planted-6"]);
});
