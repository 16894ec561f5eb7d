import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

/**
 * A model behind HTTP that answers every request with one command, and a CODEX_HOME that uses it.
 */
export async function commandModel(command: (home: string) => string) {
  const home = mkdtempSync(join(tmpdir(), "codex-home-"));
  const item = {
    type: "function_call",
    id: "f1",
    call_id: "c1",
    name: "exec_command",
    arguments: JSON.stringify({ cmd: command(home), yield_time_ms: 30_000 }),
  };
  const events = [
    { type: "response.created", response: { id: "r1" } },
    { type: "response.output_item.done", output_index: 0, item },
    { type: "response.completed", response: { id: "r1" } },
  ];
  const server = createServer((request, response) => {
    request.resume();
    if (request.method !== "POST") return void response.writeHead(404).end();
    response.writeHead(200, { "content-type": "text/event-stream" });
    response.end(events.map((e) => `event: ${e.type}\ndata: ${JSON.stringify(e)}\n\n`).join(""));
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  writeFileSync(join(home, "config.toml"), configuration(port));
  return {
    home,
    env: { CODEX_HOME: home, CODEX_APP_SERVER_DISABLE_MANAGED_CONFIG: "1" },
    close() {
      server.close();
      server.closeAllConnections();
      rmSync(home, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

const configuration = (port: number) => `
model = "gpt-5.5"
allow_login_shell = false
model_provider = "scripted"
[model_providers.scripted]
name = "scripted"
base_url = "http://127.0.0.1:${port}/v1"
wire_api = "responses"
request_max_retries = 0
stream_max_retries = 0
[features]
shell_snapshot = false
`;
