import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { isolatedHome, ScriptedModel, scriptedConfig } from "codex-app-server/testing";
import { copyProject, install, pack } from "./pack.mjs";

/** What the setups share: the packed package, one installation to copy, and a model that echoes. */
export class Stage {
  #folder = mkdtempSync(path.join(tmpdir(), "rt-"));
  #archive;
  #installed;
  #model;
  #home;
  #last = 0;

  static async start() {
    const stage = new Stage();
    stage.#model = await ScriptedModel.start(({ userText }) => `echo ${userText}`);
    stage.#home = await isolatedHome(scriptedConfig(stage.#model.url));
    return stage;
  }

  get codexHome() {
    return this.#home.path;
  }

  /** The packed package. */
  archive() {
    this.#archive ??= pack(this.#folder);
    return this.#archive;
  }

  /** An empty folder; its path ends as given. */
  folder(name = "app") {
    const folder = path.join(this.#folder, String(++this.#last), name);
    mkdirSync(folder, { recursive: true });
    return folder;
  }

  /** A folder with the installed package and the suite. */
  async project(name) {
    this.#installed ??= this.#install();
    const folder = this.folder(name);
    copyProject(await this.#installed, folder);
    return folder;
  }

  async [Symbol.asyncDispose]() {
    await this.#model[Symbol.asyncDispose]();
    await this.#home[Symbol.asyncDispose]();
    rmSync(this.#folder, { recursive: true, force: true });
  }

  async #install() {
    const folder = this.folder("installed");
    await install(await this.archive(), folder);
    return folder;
  }
}
