import { expect, it } from "vitest";
import { command, text } from "../../../src/testing/index.ts";
import { startRelay } from "../../support/relay.ts";
import { startServed } from "../../support/served.ts";

it("an approval that is pending when the connection is lost is asked once, and answered once", async () => {
  await using served = await startServed([
    command("echo approved", { escalate: "because" }),
    text("done"),
  ]);
  await using relay = await startRelay(served.port);
  let asked = 0;
  let answer: (decision: "accept") => void = () => {};
  let told: () => void = () => {};
  const beingAsked = new Promise<void>((resolve) => {
    told = resolve;
  });
  const codex = served.client(
    {
      approvals: {
        command: (_params, { signal }) => {
          asked++;
          told();
          return new Promise((resolve, reject) => {
            answer = resolve;
            signal.addEventListener("abort", () => reject(signal.reason));
          });
        },
      },
    },
    relay.port,
  );
  const thread = await codex.threadStart({ approvalPolicy: "on-request", sandbox: "read-only" });
  const running = thread.run("go");
  await beingAsked;
  for (let cut = 0; cut < 3; cut++) {
    const back = new Promise<void>((resolve) => {
      const listening = codex.onStatus(({ state }) => {
        if (state !== "ready") return;
        listening[Symbol.dispose]();
        resolve();
      });
    });
    relay.cut();
    await back;
  }
  answer("accept");
  const result = await running;
  expect([asked, result.status, result.text]).toEqual([1, "completed", "done"]);
  expect(served.model.requests[1]?.lastOutput).toContain("approved");
});
