// The server itself: configuration, MCP servers, skills, files and commands, without a thread.
import path from "node:path";
import { Codex } from "codex-app-server";

await using codex = new Codex();

await codex.config.write({ model_verbosity: "low" });
const { config, origins } = await codex.config.read();
console.log(`Verbosity: ${config.model_verbosity}, from ${origins.model_verbosity?.name.type}`);

for await (const { name } of codex.mcp.servers()) console.log(`MCP server: ${name}`);
const [entry] = await codex.skills.list({ cwds: [process.cwd()] });
console.log(`Skills that can't be read: ${entry?.errors.length}`);

const file = path.resolve("notes.txt");
await codex.files.write(file, "Remember the milk.\n");
console.log((await codex.files.readText(file)).trim());

const command = codex.exec(["sh", "-c", "cat notes.txt; exit 3"], { cwd: process.cwd() });
for await (const { text } of command.stream()) process.stdout.write(text);
console.log(`Exit code: ${(await command.run()).exitCode}`);

// Every method of the protocol is available by name.
const { data } = await codex.api.experimentalFeature.list({ limit: 1 });
console.log(`Features: ${data.length}`);
