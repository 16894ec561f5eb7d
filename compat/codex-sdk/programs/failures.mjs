import {
  command,
  cut,
  failure,
  incomplete,
  reply,
  unfinished,
} from "../../../dist/testing/index.js";

const failing = (what, answer, extra = {}) => ({
  what,
  async run(stage) {
    stage.model.enqueue(answer(), answer());
    const thread = stage.thread();
    await stage.stream(thread, "Hello.");
    await stage.run(thread, "Hello.");
    stage.model.enqueue("Hello.");
    await stage.run(thread, "Again.");
  },
  ...extra,
});

export const failures = [
  failing("the model responds with status 500", () => failure(500)),
  failing("the model answers 400", () => failure(400)),
  failing("the model answers 401", () => failure(401)),
  failing("the model answers 429", () => failure(429)),
  failing("the model is overloaded", () => failure.serverOverloaded()),
  failing("the usage limit is reached", () => failure.usageLimitExceeded()),
  failing("the rate limit is exceeded", () => failure.rateLimitExceeded()),
  failing("the context window is exceeded", () => failure.contextWindowExceeded()),
  failing("a refusal by policy", () => failure.cyberPolicy()),
  failing("an incomplete response", () => incomplete()),
  failing("a stream that is cut", () => reply("Hel", cut())),
  failing("a stream without an end", () => reply("Hel", unfinished())),
  {
    what: "a failure after a command",
    async run(stage) {
      stage.model.enqueue(command("echo one"), failure(500));
      await stage.stream(stage.thread(), "Run it.");
    },
  },
  {
    what: "a failure that a retry fixes",
    async run(stage) {
      const config = {
        "model_providers.scripted.stream_max_retries": 2,
        "model_providers.scripted.request_max_retries": 0,
      };
      stage.model.enqueue(reply("Hel", cut()), "Hello.");
      await stage.stream(stage.thread({}, { config }), "Hello.");
    },
  },
];
