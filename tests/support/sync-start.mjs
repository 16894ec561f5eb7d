// Starts a client of a program that doesn't exist, and prints the error and how long it took.
import { CodexSync } from "codex-app-server/sync";

const start = performance.now();
try {
  new CodexSync({ codexBin: "/no/such/codex" });
} catch (error) {
  const { name, code, message } = error;
  console.log(JSON.stringify({ ms: performance.now() - start, name, code, message }));
}
