import { CodexWarning, type Warn } from "../errors/warning.ts";
import type {
  DynamicToolCallParams,
  DynamicToolCallResponse,
  DynamicToolSpec,
} from "../protocol/index.ts";
import { type Check, requireOptions, string } from "../util/checks.ts";
import { countCodePoints } from "../util/code-points.ts";
import { describe, isRecord, messageOf } from "../util/describe.ts";
import type { Tool } from "./tool.ts";
import { checkToolName } from "./tool-name.ts";
import { checkResponse, toolFailure } from "./tool-result.ts";

const MAX_NAMESPACE_DESCRIPTION = 1024;
const NAMESPACE: Readonly<Record<keyof ToolNamespace, Check>> = {
  name: string,
  description: string,
  tools: () => undefined,
};

/**
 * Tools under a common name: tool names need to be unique only within the namespace, and the tools
 * can be loaded on demand.
 */
export interface ToolNamespace {
  readonly name: string;
  /** A description for the model, at most 1,024 characters. Default: the server's own text. */
  readonly description?: string | undefined;
  readonly tools: readonly Tool[];
}

/** The tools of a thread: their specifications for the server, and the answers to its calls. */
export class ToolSet {
  readonly #specs: DynamicToolSpec[];
  readonly #byName = new Map<string, Tool>();

  /**
   * @throws {TypeError} for a value that isn't a tool, a duplicate name, or a namespace that the
   * server refuses.
   */
  constructor(tools: readonly (Tool | ToolNamespace)[]) {
    if (!Array.isArray(tools)) {
      throw new TypeError(`tools must be a list of tools, got ${describe(tools)}`);
    }
    const namespaces = new Set<string>();
    this.#specs = tools.map((entry, index) => {
      if (isTool(entry)) return this.#addFunction(entry, null);
      if (!isNamespace(entry)) {
        throw new TypeError(`tools[${index}] must be created with tool(), got ${describe(entry)}`);
      }
      if (namespaces.has(entry.name)) throw taken(`tool namespace "${entry.name}"`);
      namespaces.add(entry.name);
      return this.#addNamespace(entry);
    });
  }

  /** The tools for `dynamicTools` of `thread/start`. */
  specs(): DynamicToolSpec[] {
    return [...this.#specs];
  }

  /** Answers `item/tool/call`. Never rejects: the model receives the reason for a failure. */
  async call(
    params: DynamicToolCallParams,
    options: { readonly signal: AbortSignal; readonly warn?: Warn },
  ): Promise<DynamicToolCallResponse> {
    const { threadId, turnId, callId, namespace, tool, arguments: args } = params;
    const name = fullName(tool, namespace);
    const found = this.#byName.get(name);
    if (found === undefined) {
      const known = [...this.#byName.keys()].join(", ") || "none";
      return toolFailure(`There is no tool ${name}. The tools are: ${known}`);
    }
    const context = { threadId, turnId, callId, signal: options.signal };
    try {
      const response = await found.call(args, context, options.warn);
      checkResponse(response);
      return response;
    } catch (error) {
      const text = `Tool ${name} failed: ${messageOf(error)}`;
      options.warn?.(new CodexWarning("TOOL_RESULT_UNUSABLE", text, { cause: error }));
      return toolFailure(text);
    }
  }

  #addFunction(tool: Tool, namespace: string | null): { type: "function" } & Tool["spec"] {
    const { name, deferLoading } = tool.spec;
    if (deferLoading === true && namespace === null) {
      throw new TypeError(`tool "${name}": deferLoading works only inside a namespace`);
    }
    const key = fullName(name, namespace);
    if (this.#byName.has(key)) throw taken(`tool "${key}"`);
    this.#byName.set(key, tool);
    return { type: "function", ...tool.spec };
  }

  #addNamespace(namespace: ToolNamespace): DynamicToolSpec {
    const { name, description = "", tools } = namespace;
    checkToolName(name, "tool namespace", 64);
    requireOptions(`tool namespace "${name}"`, namespace, NAMESPACE);
    const length = countCodePoints(description);
    if (length > MAX_NAMESPACE_DESCRIPTION) {
      throw new TypeError(
        `tool namespace "${name}": description must have at most ${MAX_NAMESPACE_DESCRIPTION} ` +
          `characters, got ${length}`,
      );
    }
    if (tools.length === 0) throw new TypeError(`tool namespace "${name}" has no tools`);
    const specs = tools.map((tool) => this.#addFunction(tool, name));
    return { type: "namespace", name, description, tools: specs };
  }
}

function isTool(entry: unknown): entry is Tool {
  return isRecord(entry) && isRecord(entry.spec) && typeof entry.call === "function";
}

function isNamespace(entry: unknown): entry is ToolNamespace {
  return isRecord(entry) && Array.isArray(entry.tools) && entry.tools.every(isTool);
}

function fullName(tool: string, namespace: string | null): string {
  return namespace === null ? tool : `${namespace}.${tool}`;
}

function taken(what: string): TypeError {
  return new TypeError(`${what} is defined twice: names must be unique`);
}
