// Show who is logged in, log in, and log out. Nothing is written to disk.
import { Codex } from "codex-app-server";

await using codex = new Codex({
  config: { model_provider: "openai", cli_auth_credentials_store: "ephemeral" },
});

codex.account.onChange(({ authMode }) => console.log(`Now: ${authMode ?? "logged out"}`));

const { account, requiresOpenaiAuth } = await codex.account.read();
console.log(
  account === null ? `Nobody is logged in; login required: ${requiresOpenaiAuth}` : account.type,
);

// A login with ChatGPT is completed in a browser. This one is cancelled.
const login = await codex.account.loginWithChatGPT();
console.log(`Open ${new URL(login.url).host}`);
await login.cancel();
await login.completed.catch((error: Error) => console.log(error.name));

await codex.account.login({ apiKey: "sk-example" });
console.log((await codex.account.read()).account?.type);
await codex.account.logout();

// Only ChatGPT logins have rate limits.
await codex.account.rateLimits().catch((error: Error) => console.log(error.name));
