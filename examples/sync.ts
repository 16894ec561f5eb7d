import { CodexSync } from "codex-app-server/sync";

using codex = new CodexSync();
const thread = codex.threadStart();
for (const text of thread.turn("Greet Paris.").textStream()) process.stdout.write(text);
process.stdout.write("\n");
console.log(thread.run("Greet Tokyo.").text);
