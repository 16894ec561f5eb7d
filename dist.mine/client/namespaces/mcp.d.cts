import type { JsonValue, McpServerStatus, McpServerStatusUpdatedNotification, McpServerToolCallResponse } from "../../protocol/index.cjs";
import type { RequestOptions } from "../../thread/thread-server.cjs";
import type { ParamsOf, ResultOf } from "../types.cjs";
import { type NamespaceClient } from "./client.cjs";
import { Login } from "./login.cjs";
/** The MCP servers of the configuration. */
export declare class Mcp {
    #private;
    /**
     * Created by `Codex`.
     * @internal
     */
    constructor(client: NamespaceClient);
    /** Iterates over the MCP servers with their tools, resources and login: `mcpServerStatus/list`. */
    servers(options?: RequestOptions & Partial<ParamsOf<"mcpServerStatus/list">>): AsyncGenerator<McpServerStatus, undefined>;
    /** Calls `listener` when an MCP server starts, is ready or fails: `mcpServer/startupStatus/updated`. */
    onStatus(listener: (status: McpServerStatusUpdatedNotification) => void): Disposable;
    /** Reads the configuration again and restarts MCP servers that have changed: `config/mcpServer/reload`. */
    reload(options?: RequestOptions): Promise<void>;
    /** Starts the OAuth login of an MCP server: `mcpServer/oauth/login`. */
    login(name: string, options?: RequestOptions & Partial<Omit<ParamsOf<"mcpServer/oauth/login">, "name">>): Promise<Login>;
    /** Calls a tool of an MCP server in the name of a thread, without the model: `mcpServer/tool/call`. */
    call(threadId: string, server: string, tool: string, args?: JsonValue, options?: RequestOptions): Promise<McpServerToolCallResponse>;
    /** Reads a resource of an MCP server: `mcpServer/resource/read`. */
    readResource(server: string, uri: string, options?: RequestOptions & Partial<Omit<ParamsOf<"mcpServer/resource/read">, "server" | "uri">>): Promise<ResultOf<"mcpServer/resource/read">>;
}
//# sourceMappingURL=mcp.d.ts.map