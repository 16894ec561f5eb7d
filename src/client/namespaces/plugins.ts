import type { RequestOptions } from "../../thread/thread-server.ts";
import { checkParams } from "../check-calls.ts";
import type { ParamsOf, ResultOf } from "../types.ts";
import { type NamespaceClient, splitLimits } from "./client.ts";

type Options<M extends "plugin/list" | "plugin/installed"> = RequestOptions & Partial<ParamsOf<M>>;

/** The server's plugins. */
export class Plugins {
  readonly #client: NamespaceClient;

  /**
   * Created by `Codex`.
   * @internal
   */
  constructor(client: NamespaceClient) {
    this.#client = client;
  }

  /** Returns the marketplaces with their plugins: `plugin/list`. */
  async list(options: Options<"plugin/list"> = {}): Promise<ResultOf<"plugin/list">> {
    checkParams("plugins.list", "plugin/list", options);
    const [params, limits] = splitLimits(options);
    return this.#client.request("plugin/list", params, limits);
  }

  /** Returns the installed plugins: `plugin/installed`. */
  async installed(
    options: Options<"plugin/installed"> = {},
  ): Promise<ResultOf<"plugin/installed">> {
    checkParams("plugins.installed", "plugin/installed", options);
    const [params, limits] = splitLimits(options);
    return this.#client.request("plugin/installed", params, limits);
  }

  /** Returns one plugin with its skills, apps and MCP servers: `plugin/read`. */
  read(
    plugin: ParamsOf<"plugin/read">,
    options?: RequestOptions,
  ): Promise<ResultOf<"plugin/read">> {
    return this.#client.request("plugin/read", plugin, options);
  }

  /** Installs a plugin from a marketplace: `plugin/install`. */
  install(
    plugin: ParamsOf<"plugin/install">,
    options?: RequestOptions,
  ): Promise<ResultOf<"plugin/install">> {
    return this.#client.request("plugin/install", plugin, options);
  }

  /** Removes an installed plugin: `plugin/uninstall`. */
  async uninstall(pluginId: string, options?: RequestOptions): Promise<void> {
    await this.#client.request("plugin/uninstall", { pluginId }, options);
  }
}
