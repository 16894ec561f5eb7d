import type {
  JsonValue,
  McpServerStatus,
  McpServerStatusUpdatedNotification,
  McpServerToolCallResponse,
} from "../../protocol/index.ts";
import type { RequestOptions } from "../../thread/thread-server.ts";
import { checkParams } from "../check-calls.ts";
import { pages } from "../pages.ts";
import type { ParamsOf, ResultOf } from "../types.ts";
import { type NamespaceClient, splitLimits } from "./client.ts";
import { Login, startLogin } from "./login.ts";

/** The MCP servers of the configuration. */
export class Mcp {
  readonly #client: NamespaceClient;

  /**
   * Created by `Codex`.
   * @internal
   */
  constructor(client: NamespaceClient) {
    this.#client = client;
  }

  /** Iterates over the MCP servers with their tools, resources and login status: `mcpServerStatus/list`. */
  servers(
    options: RequestOptions & Partial<ParamsOf<"mcpServerStatus/list">> = {},
  ): AsyncGenerator<McpServerStatus, undefined> {
    checkParams("mcp.servers", "mcpServerStatus/list", options);
    const [params, limits] = splitLimits(options);
    return pages("mcpServerStatus/list", params.cursor, (cursor) =>
      this.#client.request("mcpServerStatus/list", { ...params, cursor: cursor as string }, limits),
    );
  }

  /** Calls `listener` when an MCP server starts, is ready or fails: `mcpServer/startupStatus/updated`. */
  onStatus(listener: (status: McpServerStatusUpdatedNotification) => void): Disposable {
    return this.#client.on("mcpServer/startupStatus/updated", listener);
  }

  /** Reads the configuration again and restarts MCP servers that have changed: `config/mcpServer/reload`. */
  async reload(options?: RequestOptions): Promise<void> {
    await this.#client.request("config/mcpServer/reload", undefined, options);
  }

  /**
   * Starts the OAuth login of an MCP server: `mcpServer/oauth/login`.
   * @throws LoginError if the MCP server's login page has no http or https address.
   */
  async login(
    name: string,
    options: RequestOptions & Partial<Omit<ParamsOf<"mcpServer/oauth/login">, "name">> = {},
  ): Promise<Login> {
    checkParams("mcp.login", "mcpServer/oauth/login", options, { omitted: ["name"] });
    const [params, limits] = splitLimits(options);
    const { url, completed } = await startLogin(this.#client, {
      completed: "mcpServer/oauthLogin/completed",
      start: () => this.#client.request("mcpServer/oauth/login", { ...params, name }, limits),
      pageOf: ({ authorizationUrl }) => authorizationUrl,
      // Servers before 0.169 don't report which login has ended.
      isEnd: (end, { loginId }) =>
        typeof loginId === "string" && end?.loginId != null
          ? end.loginId === loginId
          : end?.name === name,
    });
    return new Login(url, completed);
  }

  /**
   * Calls a tool of an MCP server on behalf of a thread, without the model: `mcpServer/tool/call`.
   */
  call(
    threadId: string,
    server: string,
    tool: string,
    args?: JsonValue,
    options?: RequestOptions,
  ): Promise<McpServerToolCallResponse> {
    const params = { threadId, server, tool, ...(args !== undefined && { arguments: args }) };
    return this.#client.request("mcpServer/tool/call", params, options);
  }

  /** Reads a resource of an MCP server: `mcpServer/resource/read`. */
  async readResource(
    server: string,
    uri: string,
    options: RequestOptions &
      Partial<Omit<ParamsOf<"mcpServer/resource/read">, "server" | "uri">> = {},
  ): Promise<ResultOf<"mcpServer/resource/read">> {
    const omitted = ["server", "uri"];
    checkParams("mcp.readResource", "mcpServer/resource/read", options, { omitted });
    const [params, limits] = splitLimits(options);
    return this.#client.request("mcpServer/resource/read", { ...params, server, uri }, limits);
  }
}
