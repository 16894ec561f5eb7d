import { Codex } from "codex-app-server";
import {
  isolatedHome,
  ScriptedModel,
  scriptedConfig,
  startScripted,
} from "codex-app-server/testing";

/**
 * The environment of a behaviour: servers of one version. Stops everything that the behaviour
 * started.
 */
export class Stage {
  version;
  /** The program of the version. */
  codexBin;
  #made = [];

  constructor(version, codexBin) {
    this.version = version;
    this.codexBin = codexBin;
  }

  /** A client with its own server on a scripted model, and the client's warnings. */
  async start(options = {}) {
    const warnings = [];
    const scripted = await startScripted({
      codexBin: this.codexBin,
      script: echo,
      onWarning: (warning) => {
        if (!isOfTheMachine(warning)) warnings.push(warning);
      },
      ...options,
    });
    return { ...this.keep(scripted), warnings };
  }

  /** A scripted model and a home, on which any number of clients start servers one after another. */
  async home(script = echo) {
    const model = this.keep(await ScriptedModel.start(script));
    const home = this.keep(await isolatedHome(scriptedConfig(model.url)));
    const client = (options = {}) =>
      this.keep(new Codex({ codexBin: this.codexBin, env: home.env, cwd: home.path, ...options }));
    return { model, home, client };
  }

  /** A server that listens, and clients of it. */
  async serve(listen, { script = echo, ...options } = {}) {
    const { model, home } = await this.home(script);
    const server = this.keep(
      await Codex.serve({
        listen,
        codexBin: this.codexBin,
        env: home.env,
        cwd: home.path,
        ...options,
      }),
    );
    const client = (clientOptions = {}) =>
      this.keep(new Codex({ transport: server.endpoint(), ...clientOptions }));
    return { model, server, client };
  }

  async [Symbol.asyncDispose]() {
    for (const one of this.#made.splice(0).toReversed()) await one[Symbol.asyncDispose]();
  }

  /** Disposes of this at the end, before what was added earlier. */
  keep(disposable) {
    this.#made.push(disposable);
    return disposable;
  }
}

export function echo({ userText }) {
  return `echo ${userText}`;
}

/** Whether a warning is about this machine, which may lack a sandbox. */
function isOfTheMachine({ code, message }) {
  return code === "CONFIG_WARNING" && message.includes("bubblewrap");
}
