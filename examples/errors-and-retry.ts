// What can go wrong, and how to recognise it.
import {
  Codex,
  InvalidInputError,
  InvalidRequestError,
  RequestTimeoutError,
  retryOnOverload,
  TurnFailedError,
} from "codex-app-server";

await using codex = new Codex();
const thread = await codex.threadStart();

// Mistakes are found before anything is sent.
await thread.run({ type: "localImage", path: "missing.png" }).catch((error: unknown) => {
  if (error instanceof InvalidInputError) console.log(`Input: ${error.message}`);
});

// The error for a refused request has the server's message.
await codex.threadResume("no-such-thread").catch((error: unknown) => {
  if (error instanceof InvalidRequestError) console.log(`Server: ${error.serverMessage}`);
});

// A failed turn has a result; throwIfFailed() throws an error.
const failed = await thread.run("Say hello, if I have paid for it.");
console.log(`Result: ${failed.status}`);
try {
  failed.throwIfFailed();
} catch (error) {
  if (error instanceof TurnFailedError) console.log(`Turn: ${error.error?.codexErrorInfo}`);
}

// Requests that the server refuses because it is busy are sent again automatically. A turn that failed
// because the model was overloaded isn't: retry it yourself.
const { text } = await retryOnOverload(
  async () => (await thread.run("Say hello.")).throwIfFailed(),
  { maxAttempts: 5, initialDelayMs: 100 },
);
console.log(`Retried: ${text}`);

// A turn that takes too long is interrupted.
await thread.run("Think for an hour.", { timeoutMs: 500 }).catch((error: unknown) => {
  if (error instanceof RequestTimeoutError) console.log(`Timeout: ${error.message}`);
});
