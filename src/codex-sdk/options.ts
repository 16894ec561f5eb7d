import type { CodexOptions as NativeOptions } from "../client/options.ts";

export type CodexConfigValue = string | number | boolean | CodexConfigValue[] | CodexConfigObject;

export interface CodexConfigObject {
  [key: string]: CodexConfigValue;
}

/** The options of the underlying client that `CodexOptions` doesn't set. */
export type NativeCodexOptions = Omit<
  NativeOptions,
  "apiKey" | "codexBin" | "config" | "configOverrides" | "env" | "keepAlive" | "launchArgs"
>;

export interface CodexOptions {
  /** The `codex` program. Default: the binary of the installed `@openai/codex`. */
  codexPathOverride?: string;
  /** Base URL of the OpenAI provider: the `openai_base_url` setting. */
  baseUrl?: string;
  /**
   * Logs in with this key, which isn't stored. Default: `CODEX_API_KEY`, otherwise the stored
   * login.
   */
  apiKey?: string;
  /** Settings as in config.toml, nested or with dotted keys. */
  config?: CodexConfigObject;
  /**
   * Further settings, each as `key=value` with a TOML value, passed unchanged after `config`: all
   * users of the machine can read them, so they must not contain secrets.
   */
  configOverrides?: string[];
  /**
   * The complete environment of the server. Default: this process's environment when the server
   * starts.
   */
  env?: Record<string, string>;
  /** Options of the underlying `Codex`, such as `approvals` and `onWarning`. */
  native?: NativeCodexOptions;
}

export type ApprovalMode = "never" | "on-request" | "on-failure" | "untrusted";

export type SandboxMode = "read-only" | "workspace-write" | "danger-full-access";

export type ModelReasoningEffort =
  | "minimal"
  | "low"
  | "medium"
  | "high"
  | "xhigh"
  | "max"
  | "ultra"
  | "persistent";

export type WebSearchMode = "disabled" | "cached" | "live";

export type CyberAccessProgram = "standard" | "daybreak_blue" | "daybreak_red";

export interface ThreadOptions {
  model?: string;
  /** A label for the origin of the thread, set when it starts. Default "user". */
  threadSource?: string;
  /** What commands may do. Default: the `sandbox_mode` setting, otherwise "read-only". */
  sandboxMode?: SandboxMode;
  /** Default: this process's working directory. */
  workingDirectory?: string;
  /** Allows a working directory outside a Git repository. */
  skipGitRepoCheck?: boolean;
  modelReasoningEffort?: ModelReasoningEffort;
  /** Whether commands may use the network, in the "workspace-write" sandbox. */
  networkAccessEnabled?: boolean;
  webSearchMode?: WebSearchMode;
  /** True means `webSearchMode: "live"`, false "disabled". `webSearchMode` takes precedence. */
  webSearchEnabled?: boolean;
  /** Has no effect: turns never ask for approval. Use `native()` for turns that ask. */
  approvalPolicy?: ApprovalMode;
  /** Directories that the agent may write to besides the working directory. */
  additionalDirectories?: string[];
}

export interface TurnOptions {
  cyberAccessProgram?: CyberAccessProgram;
  /** JSON Schema of the answer. The schema is sent unchanged, and the answer is not parsed. */
  outputSchema?: unknown;
  /** Aborting interrupts the turn; the run fails with an `AbortError` whose cause is the reason. */
  signal?: AbortSignal;
}

export type UserInput = { type: "text"; text: string } | { type: "local_image"; path: string };

/**
 * A string, or a list of text and image parts. Text parts are joined by blank lines; images precede
 * the text.
 */
export type Input = string | UserInput[];
