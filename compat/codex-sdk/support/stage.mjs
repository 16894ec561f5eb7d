import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { isolatedHome, ScriptedModel, scriptedConfig } from "../../../dist/testing/index.js";

/** The environment in which a program runs with one of the two SDKs, and what it has observed. */
export class Stage {
  sdk;
  model;
  home;
  /** An empty Git repository. */
  cwd;
  observed = [];

  static async start(sdk, { config = {} } = {}) {
    const stage = new Stage();
    stage.sdk = sdk;
    stage.model = await ScriptedModel.start();
    stage.home = await isolatedHome({ ...scriptedConfig(stage.model.url), ...config });
    stage.cwd = stage.folder();
    execFileSync("git", ["init", "-q"], { cwd: stage.cwd });
    return stage;
  }

  /** A new folder outside of any Git repository. */
  folder() {
    const folder = realpathSync(mkdtempSync(path.join(tmpdir(), "codex-sdk-compat-")));
    this.#folders.push(folder);
    return folder;
  }

  #folders = [];

  /** The environment of this stage's servers. */
  get env() {
    const all = { ...process.env, ...this.home.env };
    return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined));
  }

  codex(options = {}) {
    return new this.sdk.Codex({ env: this.env, ...options });
  }

  /** A thread in the repository, whose commands aren't sandboxed. */
  thread(options = {}, codexOptions = {}) {
    return this.codex(codexOptions).startThread(this.threadOptions(options));
  }

  threadOptions(options = {}) {
    return { workingDirectory: this.cwd, sandboxMode: "danger-full-access", ...options };
  }

  /**
   * Waits until a process that `@openai/codex-sdk` has killed has exited. Until then, it keeps its thread in use.
   */
  settle() {
    return new Promise((resolve) => setTimeout(resolve, 2_000));
  }

  /** Notes what a program sees. */
  note(what, value) {
    this.observed.push({ what, value });
  }

  /** Runs a turn with `runStreamed`, and notes its events and its error. */
  async stream(thread, input, options, onEvent = () => {}) {
    try {
      const { events } = await thread.runStreamed(input, options);
      for await (const event of events) {
        this.note("event", event);
        await onEvent(event);
      }
      this.note("end", thread.id);
    } catch (error) {
      this.note("thrown", shown(error));
    }
  }

  /** Runs a turn with `run`, and notes its result or its error. */
  async run(thread, input, options) {
    try {
      this.note("result", await thread.run(input, options));
    } catch (error) {
      this.note("thrown", shown(error));
    }
  }

  /** Notes what a function throws. */
  async attempt(what, work) {
    try {
      await work();
      this.note(what, "nothing was thrown");
    } catch (error) {
      this.note(what, shown(error));
    }
  }

  /** What the program has observed, and the requests that reached the model. */
  get report() {
    return {
      observed: this.observed,
      // The server can change this file: it adds the projects that the user trusts.
      config: readFileSync(path.join(this.home.path, "config.toml"), "utf8"),
      requests: this.model.requests.map(({ headers, body }) => ({
        headers: shownHeaders(headers),
        body: withoutMetadata(body),
      })),
      places: { cwd: this.cwd, home: this.home.path, port: this.model.port },
    };
  }

  async close() {
    await this.model.close();
    await this.home[Symbol.asyncDispose]();
    for (const folder of this.#folders) rmSync(folder, { recursive: true, force: true });
  }
}

function shown(error) {
  if (!(error instanceof Error)) return { notAnError: String(error) };
  const { name, message, code } = error;
  const cause = name === "AbortError" ? String(error.cause) : undefined;
  return { name, message, code, cause };
}

/** The body without the turn's metadata, which a header contains too. */
function withoutMetadata({ client_metadata: all, ...body }) {
  const { "x-codex-turn-metadata": _, ...metadata } = all ?? {};
  return { ...body, metadata };
}

function shownHeaders(headers) {
  const metadata = JSON.parse(headers["x-codex-turn-metadata"] ?? "{}");
  // The server looks for workspaces while it sends the first request, so a header may or may not list them.
  delete metadata.workspaces;
  const { originator, authorization, "user-agent": userAgent } = headers;
  return { originator, authorization, userAgent, metadata };
}
