import type { SkillsListEntry } from "../../protocol/index.ts";
import { dataOf } from "../../thread/data-of.ts";
import type { RequestOptions } from "../../thread/thread-server.ts";
import { checkListener } from "../../util/checks.ts";
import { checkParams } from "../check-calls.ts";
import type { ParamsOf, ResultOf } from "../types.ts";
import { type NamespaceClient, splitLimits } from "./client.ts";

/** The skills that the agent can use. */
export class Skills {
  readonly #client: NamespaceClient;

  /**
   * Created by `Codex`.
   * @internal
   */
  constructor(client: NamespaceClient) {
    this.#client = client;
  }

  /**
   * Returns the skills of each working directory, and the ones that couldn't be read:
   * `skills/list`.
   */
  async list(
    options: RequestOptions & Partial<ParamsOf<"skills/list">> = {},
  ): Promise<SkillsListEntry[]> {
    checkParams("skills.list", "skills/list", options);
    const [params, limits] = splitLimits(options);
    return dataOf(await this.#client.request("skills/list", params, limits), "skills/list");
  }

  /** Switches a skill on or off, by its path or name: `skills/config/write`. */
  setEnabled(
    skill: { readonly path: string } | { readonly name: string },
    enabled: boolean,
    options?: RequestOptions,
  ): Promise<ResultOf<"skills/config/write">> {
    return this.#client.request("skills/config/write", { ...skill, enabled }, options);
  }

  /**
   * Sets additional folders to search for skills, while the server runs: `skills/extraRoots/set`.
   */
  async setExtraRoots(roots: readonly string[], options?: RequestOptions): Promise<void> {
    await this.#client.request("skills/extraRoots/set", { extraRoots: [...roots] }, options);
  }

  /** Calls `listener` when skills have changed on disk: `skills/changed`. Dispose of the result to stop. */
  onChange(listener: () => void): Disposable {
    checkListener(listener);
    return this.#client.on("skills/changed", () => listener());
  }
}
