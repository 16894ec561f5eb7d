import type {
  ConfigEdit,
  ConfigReadResponse,
  ConfigRequirementsReadResponse,
  ConfigWriteResponse,
} from "../../protocol/index.ts";
import type { RequestOptions } from "../../thread/thread-server.ts";
import { string } from "../../util/checks.ts";
import { checkParams } from "../check-calls.ts";
import type { ParamsOf } from "../types.ts";
import { type NamespaceClient, splitLimits } from "./client.ts";

type WriteOptions = RequestOptions &
  Partial<Omit<ParamsOf<"config/batchWrite">, "edits">> & {
    /** "replace" overwrites a table, "upsert" merges into it. Default "upsert". */
    readonly mergeStrategy?: ConfigEdit["mergeStrategy"] | undefined;
  };

/** The server's configuration: config.toml, and the layers that are merged with it. */
export class Config {
  readonly #client: NamespaceClient;

  /**
   * Created by `Codex`.
   * @internal
   */
  constructor(client: NamespaceClient) {
    this.#client = client;
  }

  /** Returns the configuration in effect, as seen from `cwd`, and where each value comes from: `config/read`. */
  async read(
    options: RequestOptions & Partial<ParamsOf<"config/read">> = {},
  ): Promise<ConfigReadResponse> {
    checkParams("config.read", "config/read", options);
    const [params, limits] = splitLimits(options);
    return this.#client.request("config/read", params, limits);
  }

  /** Returns the layers of the configuration, such as the user's and the project's: `config/read`. */
  async layers(
    options: RequestOptions & Partial<ParamsOf<"config/read">> = {},
  ): Promise<NonNullable<ConfigReadResponse["layers"]>> {
    return (await this.read({ ...options, includeLayers: true })).layers ?? [];
  }

  /**
   * Sets values in config.toml by their paths. Either all are written or none: `config/batchWrite`.
   * @example
   * await codex.config.write({ "tools.web_search": true, model: "gpt-5.5" });
   */
  async write(
    values: Readonly<Record<string, ConfigEdit["value"]>>,
    options: WriteOptions = {},
  ): Promise<ConfigWriteResponse> {
    const extra = { mergeStrategy: string };
    checkParams("config.write", "config/batchWrite", options, { omitted: ["edits"], extra });
    const [{ mergeStrategy = "upsert", ...params }, limits] = splitLimits(options);
    const edits = Object.entries(values).map(([keyPath, value]) => ({
      keyPath,
      value,
      mergeStrategy,
    }));
    return this.#client.request("config/batchWrite", { ...params, edits }, limits);
  }

  /** Returns what the administrator requires of the configuration: `configRequirements/read`. */
  requirements(options?: RequestOptions): Promise<ConfigRequirementsReadResponse> {
    return this.#client.request("configRequirements/read", undefined, options);
  }
}
