// The agent asks; a chat front end answers, using only JSON.
import { randomBytes } from "node:crypto";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { Codex, CodexError, type PendingRequestData } from "codex-app-server";

await using codex = new Codex({
  approvals: "ask",
  config: {
    features: { default_mode_request_user_input: true },
    suppress_unstable_features_warning: true,
  },
});

// Anyone who can answer requests can run commands as you, so every HTTP request needs this key,
// which no other page or user has.
const key = randomBytes(32).toString("base64url");
const headers = { authorization: `Bearer ${key}` };

// The back end: GET /requests/next waits for a request, POST /requests/ID answers it.
const backEnd = createServer(async (request, response) => {
  const id = request.url?.split("/").at(-1) ?? "";
  if (request.headers.authorization !== headers.authorization) {
    response.writeHead(401).end();
    return;
  }
  try {
    if (request.method === "GET") {
      response.end(JSON.stringify((await codex.requests.next()) ?? null));
      return;
    }
    const { optionId, content } = JSON.parse(await text(request));
    await codex.requests.answer(id, optionId, content);
    response.end();
  } catch (error) {
    // An answer that arrives too late, an option that wasn't offered, or content that doesn't match
    // the form.
    response.statusCode = error instanceof CodexError ? 409 : 400;
    response.end(error instanceof Error ? error.message : "");
  }
}).listen(0, "127.0.0.1");
await new Promise((resolve) => backEnd.once("listening", resolve));
const url = `http://127.0.0.1:${(backEnd.address() as AddressInfo).port}/requests`;

// The front end, which could be a page in a browser. It shows all of the detail, then the options.
async function frontEnd(): Promise<void> {
  for (;;) {
    const response = await fetch(`${url}/next`, { headers });
    const request = (await response.json()) as PendingRequestData | null;
    if (request === null) return;
    console.log(`${request.title}?`);
    for (const { label, text } of request.detail) console.log(`| ${label}: ${text.trim()}`);
    const answer = answerOf(request);
    for (const { grants } of request.options) {
      for (const { label, text } of grants) console.log(`| ${label}: ${text}`);
    }
    console.log(`> ${request.options.map(({ id }) => id).join(", ")}: ${answer.optionId}`);
    const body = JSON.stringify(answer);
    await fetch(`${url}/${request.id}`, { method: "POST", headers, body });
    const again = await fetch(`${url}/${request.id}`, { method: "POST", headers, body });
    console.log(again.status);
  }
}

/** The option that the user clicks. */
function answerOf({ kind, form }: PendingRequestData): { optionId: string; content?: object } {
  if (kind === "command") return { optionId: "accept" };
  if (kind !== "userInput") return { optionId: "decline" };
  const [question = ""] = Object.keys(Object(form?.properties));
  return { optionId: "accept", content: { [question]: "Green" } };
}

const user = frontEnd();
const thread = await codex.threadStart({ approvalPolicy: "on-request", sandbox: "read-only" });
const { text: said } = await thread.run(
  "Ask for each step to run outside the sandbox: print your host's kernel with uname; write a poem " +
    "of one line to poem.txt by a patch. Then ask me for my favourite colour.",
);
await codex.close();
await user;
console.log(said);
backEnd.close();
backEnd.closeAllConnections();
