import { E as findCodexBinary, O as isBareKey, j as tomlValue, k as isTable, l as startUnchecked, t as Codex$1 } from "../chunks/codex-_cu9Lv9r.js";
import { C as repeatWhile } from "../chunks/options-DLYssPXW.js";
import { _ as orAborted, i as JsonRpcError, p as checkSignal } from "../chunks/rpc-errors-Ck2IiD6l.js";
import { d as deferred } from "../chunks/turn-28f5MJi6.js";
import { C as CodexError, E as LaunchError, I as dispose, M as TransportClosedError } from "../chunks/checks-CUlVF2ON.js";
import { i as messageOf$1 } from "../chunks/describe-_qXpbH4d.js";
import { a as _usingCtx } from "../chunks/check-calls-9rAXnSef.js";
import { existsSync } from "node:fs";
import { basename, dirname, join, resolve, sep } from "node:path";
// src/codex-sdk/client-options.ts
const ORIGINATOR = "CODEX_INTERNAL_ORIGINATOR_OVERRIDE";
function clientOptions(options) {
	const { apiKey, baseUrl, codexPathOverride, native = {} } = options;
	const configOverrides = options.configOverrides ?? [];
	const env = environmentOf(options.env);
	const settings = options.config ? flatten(options.config) : [];
	const plain = settings.filter(([path]) => path.split(".").every(isBareKey));
	const raw = [
		...settings.filter((setting) => !plain.includes(setting)).map(([path, value]) => `${path}=${tomlValue(value, path)}`),
		...configOverrides,
		...baseUrl ? [`openai_base_url=${tomlValue(baseUrl, "baseUrl")}`] : []
	];
	const key = apiKey || env.CODEX_API_KEY;
	return {
		onWarning: () => {},
		approvals: "decline",
		...native,
		keepAlive: false,
		env,
		config: {
			thread_unload_delay_secs: 0,
			...Object.fromEntries(plain)
		},
		...raw.length > 0 && { configOverrides: raw },
		...codexPathOverride && { codexBin: codexPathOverride },
		...key && native.transport === void 0 && { apiKey: key }
	};
}
function environmentOf(given) {
	const { CODEX_API_KEY } = process.env;
	const env = given ? {
		...Object.fromEntries(Object.keys(process.env).map((name) => [name, void 0])),
		...given
	} : {
		CODEX_API_KEY,
		[ORIGINATOR]: process.env[ORIGINATOR]
	};
	return {
		...env,
		[ORIGINATOR]: env[ORIGINATOR] || "codex_sdk_ts"
	};
}
function flatten(config) {
	if (!isTable(config)) throw new Error("The option config must be a plain object");
	return Object.entries(config).flatMap(([key, value]) => settingsAt(key, value, key));
}
function settingsAt(key, value, path) {
	if (key === "") throw new Error("A key of the option config is empty");
	if (value === void 0) return [];
	if (!isTable(value)) {
		refuseUnwritable(value, path);
		return [[path, value]];
	}
	const members = Object.entries(value);
	if (members.length === 0) return [[path, value]];
	return members.flatMap(([name, member]) => settingsAt(name, member, `${path}.${name}`));
}
function refuseUnwritable(value, path) {
	if (typeof value === "number" && !Number.isFinite(value)) throw new Error(`The option config has a number at ${path} that isn't finite`);
	if (Array.isArray(value)) for (const [index, one] of value.entries()) refuseUnwritable(one, `${path}[${index}]`);
	if (value === null) throw new Error(`The option config has null at ${path}; omit the key instead`);
}
// src/codex-sdk/failures.ts
var AbortError = class extends Error {
	name = "AbortError";
	code = "ABORT_ERR";
	constructor(signal) {
		super("The operation was aborted", { cause: signal.reason });
	}
};
function execFailure(why, how = "code 1", cause) {
	const message = `Codex Exec exited with ${how}: ${why}`;
	return new Error(message, cause === void 0 ? void 0 : { cause });
}
function failureOf(error, codexPath) {
	if (error instanceof LaunchError) {
		if (codexPath !== void 0 && isMissing(codexPath, error)) return missingProgram(codexPath, error);
		return execFailure(error.stderr.length > 0 ? error.stderr.join("\n") : error.message, "code 1", error);
	}
	if (error instanceof TransportClosedError) {
		const { exitCode, signal, stderr } = error;
		const how = signal ? `signal ${signal}` : `code ${exitCode ?? 1}`;
		return execFailure(stderr.length > 0 ? stderr.join("\n") : error.message, how, error);
	}
	return error instanceof CodexError || error instanceof TypeError ? execFailure(messageOf$1(error), "code 1", error) : error;
}
function isMissing(program, { stderr, cause }) {
	if (basename(program) !== program) return !existsSync(program);
	return stderr.length === 0 && cause === void 0;
}
function missingProgram(path, cause) {
	const details = {
		errno: -2,
		code: "ENOENT",
		syscall: `spawn ${path}`,
		path
	};
	return Object.assign(new Error(`spawn ${path} ENOENT`, { cause }), details);
}
// src/codex-sdk/opening.ts
function openingOf(settings, configured) {
	const { cwd, config, workspaceRoots } = settings;
	const model = settings.model ?? configured.model;
	const profile = settings.sandbox ? void 0 : configured.default_permissions;
	return {
		params: {
			cwd,
			config,
			approvalPolicy: "never",
			sandbox: "read-only",
			...model && { model },
			...workspaceRoots && { runtimeWorkspaceRoots: workspaceRoots }
		},
		sandbox: typeof profile === "string" ? { permissions: profile } : { sandboxPolicy: sandboxPolicy(settings, configured) }
	};
}
function sandboxPolicy(settings, configured) {
	const mode = settings.sandbox ?? defaultSandbox(settings, configured);
	switch (mode) {
		case "danger-full-access": return { type: "dangerFullAccess" };
		case "workspace-write": {
			const { sandbox_workspace_write: given } = configured;
			return {
				type: "workspaceWrite",
				writableRoots: given?.writable_roots ?? [],
				networkAccess: settings.networkAccess ?? given?.network_access ?? false,
				excludeTmpdirEnvVar: given?.exclude_tmpdir_env_var ?? false,
				excludeSlashTmp: given?.exclude_slash_tmp ?? false
			};
		}
		case "read-only": return {
			type: "readOnly",
			networkAccess: false
		};
		default: throw execFailure(`sandboxMode must be read-only, workspace-write or danger-full-access, not ${mode}`, "code 2");
	}
}
function defaultSandbox({ cwd }, configured) {
	const { projects, sandbox_mode: mode } = configured;
	const isDecided = (isTable(projects) ? Object.keys(projects) : []).some((project) => cwd === project || cwd.startsWith(project + sep));
	return mode ?? (isDecided ? "workspace-write" : "read-only");
}
// src/codex-sdk/loaded-threads.ts
const IDLE_MS = 1e3;
const isClosing = (error) => error instanceof JsonRpcError && error.serverMessage.includes("is closing; retry");
const CLOSING = {
	maxAttempts: 100,
	initialDelayMs: 5,
	maxDelayMs: 50
};
var LoadedThreads = class {
	#client;
	#loaded = /* @__PURE__ */ new Map();
	#unloading = /* @__PURE__ */ new Map();
	#lastRuns = /* @__PURE__ */ new Map();
	constructor(client) {
		this.#client = client;
	}
	start(settings, threadSource, signal) {
		return leased(this.#start(settings, threadSource, signal), signal);
	}
	resume(id, settings, signal) {
		return leased(this.#resume(id, settings, signal), signal);
	}
	pin(id) {
		const loaded = this.#loaded.get(id);
		if (loaded) this.#loaded.set(id, {
			...loaded,
			isPinned: true
		});
	}
	forget(id) {
		const loaded = this.#loaded.get(id);
		if (loaded && !loaded.isPinned) this.#loaded.set(id, {
			...loaded,
			settings: void 0
		});
		else this.#loaded.delete(id);
	}
	async #start(settings, threadSource, signal) {
		const { params, sandbox } = await this.#opening(settings, signal);
		signal?.throwIfAborted();
		const thread = await this.#client.threadStart({
			...params,
			threadSource
		});
		const release = await this.#turnOf(thread.id, void 0);
		this.#remember(settings, thread, sandbox);
		return {
			thread,
			sandbox,
			release
		};
	}
	async #resume(id, settings, signal) {
		const release = await this.#turnOf(id, signal);
		try {
			const { thread, sandbox } = await this.#load(id, settings, signal);
			return {
				thread,
				sandbox,
				release
			};
		} catch (error) {
			release();
			throw error;
		}
	}
	async #load(id, settings, signal) {
		clearTimeout(this.#unloading.get(id));
		this.#unloading.delete(id);
		const loaded = this.#loaded.get(id);
		if (loaded?.isPinned || loaded?.settings === JSON.stringify(settings)) return loaded;
		const { params, sandbox } = await this.#opening(settings, signal);
		if (loaded) await this.#unload(id, loaded.thread);
		const resume = () => this.#client.threadResume(id, params);
		const thread = await repeatWhile(isClosing, resume, {
			...CLOSING,
			signal
		});
		return this.#remember(settings, thread, sandbox);
	}
	async #opening(settings, signal) {
		const { config } = await this.#client.config.read({
			cwd: settings.cwd,
			signal
		});
		return openingOf(settings, config);
	}
	#remember(settings, thread, sandbox) {
		const loaded = {
			thread,
			sandbox,
			settings: JSON.stringify(settings),
			isPinned: false
		};
		this.#loaded.set(thread.id, loaded);
		return loaded;
	}
	#unloadSoon(id) {
		clearTimeout(this.#unloading.get(id));
		const timer = setTimeout(() => {
			this.#unloading.delete(id);
			const loaded = this.#loaded.get(id);
			if (!loaded || loaded.isPinned || this.#lastRuns.has(id)) return;
			this.#whileUsed(id, () => this.#unload(id, loaded.thread));
		}, IDLE_MS);
		this.#unloading.set(id, timer.unref());
	}
	async #unload(id, thread) {
		this.#loaded.delete(id);
		await thread.unsubscribe().catch(() => {});
	}
	async #whileUsed(id, work) {
		const end = await this.#turnOf(id, void 0);
		await work();
		end();
	}
	async #turnOf(id, signal) {
		const before = this.#lastRuns.get(id);
		const run = deferred();
		const last = Promise.all([before, run.promise]).then(() => {
			if (this.#lastRuns.get(id) !== last) return;
			this.#lastRuns.delete(id);
			if (this.#loaded.has(id)) this.#unloadSoon(id);
		});
		this.#lastRuns.set(id, last);
		try {
			await orAborted(before ?? Promise.resolve(), signal);
			return run.resolve;
		} catch (error) {
			run.resolve();
			throw error;
		}
	}
};
function leased(lease, signal) {
	return orAborted(lease, signal, ({ release }) => release());
}
// src/codex-sdk/server.ts
var Server = class {
	#options;
	#running;
	constructor(options) {
		this.#options = options;
	}
	get codexPath() {
		return this.#options.codexPathOverride;
	}
	get running() {
		this.#running ??= this.#start();
		return this.#running;
	}
	#start() {
		const client = new Codex$1(clientOptions(this.#options));
		const running = {
			client,
			threads: new LoadedThreads(client)
		};
		client.closed.then(() => {
			if (this.#running === running) this.#running = void 0;
		});
		return running;
	}
};
// src/codex-sdk/find-thread.ts
const UUID = /^[0-9a-f]{8}-?(?:[0-9a-f]{4}-?){3}[0-9a-f]{12}$/i;
const ALL_KINDS = [
	"cli",
	"vscode",
	"exec",
	"appServer",
	"subAgent",
	"unknown"
];
async function findThread(client, idOrName, { cwd }) {
	if (UUID.test(idOrName)) return idOrName;
	const threads = client.threads({
		searchTerm: idOrName,
		sourceKinds: ALL_KINDS,
		cwd
	});
	for await (const { id, name } of threads) if (name === idOrName) return id;
}
// src/codex-sdk/prompt.ts
function promptOf(input) {
	const parts = typeof input === "string" ? [{
		type: "text",
		text: input
	}] : input;
	const texts = [];
	const images = [];
	for (const part of parts) if (part.type === "text") texts.push(part.text);
	else if (part.type === "local_image") {
		if (!part.path) throw execFailure("An image of the input has no path", "code 2");
		images.push({
			type: "localImage",
			path: resolve(part.path)
		});
	}
	const text = texts.join("\n\n");
	if (text.trim() === "") throw execFailure("The input has no text");
	return [...images, {
		type: "text",
		text,
		text_elements: []
	}];
}
// src/codex-sdk/problems.ts
var Problems = class {
	#listening;
	#found = [];
	constructor(client) {
		this.#listening = [client.on("warning", ({ threadId, message }) => {
			this.#found.push({
				threadId: threadId ?? null,
				message
			});
		}), client.on("deprecationNotice", ({ summary, details }) => {
			const message = details ? `${summary} (${details})` : summary;
			this.#found.push({
				threadId: null,
				message
			});
		})];
	}
	take(threadId) {
		const mine = (problem) => problem.threadId === null || problem.threadId === threadId;
		const taken = this.#found.filter(mine);
		this.#found = [];
		return taken.map(({ message }) => message);
	}
	[dispose]() {
		for (const one of this.#listening) one[dispose]();
	}
};
// src/codex-sdk/convert-item.ts
function convertItem(item) {
	switch (item.type) {
		case "agentMessage": return {
			type: "agent_message",
			text: item.text
		};
		case "reasoning": return reasoning(item);
		case "commandExecution": return {
			type: "command_execution",
			command: item.command,
			aggregated_output: item.aggregatedOutput ?? "",
			exit_code: item.exitCode,
			status: item.status === "inProgress" ? "in_progress" : item.status
		};
		case "fileChange": return fileChange(item);
		case "mcpToolCall": return mcpToolCall(item);
		case "collabAgentToolCall": return collabToolCall(item);
		case "webSearch": return {
			type: "web_search",
			query: item.query,
			action: searchAction(item.action)
		};
		default: return;
	}
}
function reasoning({ summary }) {
	const text = summary.join("\n");
	return text.trim() === "" ? void 0 : {
		type: "reasoning",
		text
	};
}
function fileChange({ changes, status }) {
	return {
		type: "file_change",
		changes: changes.map(({ path, kind }) => ({
			path,
			kind: kind.type
		})),
		status: status === "inProgress" ? "in_progress" : status === "declined" ? "failed" : status
	};
}
function mcpToolCall(item) {
	const { result, error } = item;
	return {
		type: "mcp_tool_call",
		server: item.server,
		tool: item.tool,
		arguments: item.arguments,
		result: result && {
			content: result.content,
			...result._meta != null && { _meta: result._meta },
			structured_content: result.structuredContent
		},
		error: error && { message: error.message },
		status: item.status === "inProgress" ? "in_progress" : item.status
	};
}
const COLLAB_TOOLS = {
	spawnAgent: "spawn_agent",
	sendInput: "send_input",
	resumeAgent: "wait",
	wait: "wait",
	closeAgent: "close_agent"
};
function collabToolCall(item) {
	const tool = COLLAB_TOOLS[item.tool];
	if (tool === void 0 || item.status === "interrupted") return void 0;
	const states = Object.entries(item.agentsStates).flatMap(([id, state]) => state === void 0 ? [] : [[id, {
		...state,
		status: snakeCase(state.status)
	}]]);
	return {
		type: "collab_tool_call",
		tool,
		sender_thread_id: item.senderThreadId,
		receiver_thread_ids: item.receiverThreadIds,
		prompt: item.prompt,
		agents_states: Object.fromEntries(states),
		status: item.status === "inProgress" ? "in_progress" : item.status
	};
}
function searchAction(action) {
	if (action === null) return { type: "other" };
	const { type, ...details } = action;
	const given = Object.entries(details).filter(([, value]) => value !== null);
	return {
		type: snakeCase(type),
		...Object.fromEntries(given)
	};
}
function snakeCase(text) {
	return text.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
// src/codex-sdk/turn-events.ts
var TurnEvents = class {
	#items = 0;
	#started = /* @__PURE__ */ new Map();
	#todoList;
	#usage = NO_USAGE;
	#lastError = "turn failed";
	accept(notification) {
		switch (notification.method) {
			case "turn/started": return [{ type: "turn.started" }];
			case "item/started": return this.#itemStarted(notification.params.item);
			case "item/completed": return this.#itemCompleted(notification.params.item);
			case "turn/plan/updated": return [this.#planUpdated(notification.params.plan)];
			case "thread/tokenUsage/updated":
				this.#usage = usageOf(notification.params.tokenUsage);
				return [];
			case "error":
				this.#lastError = messageOf(notification.params.error);
				return [{
					type: "error",
					message: this.#lastError
				}];
			case "model/rerouted": {
				const { fromModel, toModel, reason } = notification.params;
				return [this.problem(`model rerouted: ${fromModel} -> ${toModel} (${reason})`)];
			}
			case "turn/completed": return this.#turnCompleted(notification.params.turn);
			default: return [];
		}
	}
	problem(message) {
		return {
			type: "item.completed",
			item: {
				id: this.#newId(),
				type: "error",
				message
			}
		};
	}
	#itemStarted(native) {
		if (native.type === "agentMessage" || native.type === "reasoning") return [];
		const body = convertItem(native);
		if (body === void 0) return [];
		const id = this.#started.get(native.id) ?? this.#idOf(native);
		this.#started.set(native.id, id);
		return [{
			type: "item.started",
			item: itemOf(id, body)
		}];
	}
	#itemCompleted(native) {
		const body = convertItem(native);
		if (body === void 0) return [];
		const id = this.#started.get(native.id) ?? this.#idOf(native);
		this.#started.delete(native.id);
		return [{
			type: "item.completed",
			item: itemOf(id, body)
		}];
	}
	#planUpdated(plan) {
		const items = plan.map(({ step, status }) => ({
			text: step,
			completed: status === "completed"
		}));
		const type = this.#todoList ? "item.updated" : "item.started";
		this.#todoList = {
			id: this.#todoList?.id ?? this.#newId(),
			type: "todo_list",
			items
		};
		return {
			type,
			item: this.#todoList
		};
	}
	#turnCompleted({ status, error, items }) {
		const todoList = this.#todoList ? [{
			type: "item.completed",
			item: this.#todoList
		}] : [];
		const late = items.filter((item) => this.#started.has(item.id)).flatMap((item) => this.#itemCompleted(item));
		return [
			...todoList,
			...late,
			...this.#end(status, error)
		];
	}
	#end(status, error) {
		if (status === "completed") return [{
			type: "turn.completed",
			usage: this.#usage
		}];
		if (status !== "failed") return [];
		return [{
			type: "turn.failed",
			error: { message: error ? messageOf(error) : this.#lastError }
		}];
	}
	#idOf({ type, id }) {
		const counted = this.#newId();
		return type === "webSearch" ? id : counted;
	}
	#newId() {
		return `item_${this.#items++}`;
	}
};
function itemOf(id, body) {
	return {
		id,
		...body
	};
}
const NO_USAGE = {
	input_tokens: 0,
	cached_input_tokens: 0,
	cache_write_input_tokens: 0,
	output_tokens: 0,
	reasoning_output_tokens: 0
};
function usageOf({ total }) {
	return {
		input_tokens: total.inputTokens,
		cached_input_tokens: total.cachedInputTokens,
		cache_write_input_tokens: total.cacheWriteInputTokens ?? 0,
		output_tokens: total.outputTokens,
		reasoning_output_tokens: total.reasoningOutputTokens
	};
}
function messageOf({ message, additionalDetails }) {
	return additionalDetails ? `${message} (${additionalDetails})` : message;
}
// src/codex-sdk/run-turn.ts
async function* runTurn(run) {
	const { signal } = run;
	if (signal?.aborted) throw new AbortError(signal);
	try {
		const { status, error } = yield* eventsOf(run);
		if (status !== "completed") throw execFailure(error?.message ?? `The turn was ${status}`);
	} catch (error) {
		if (signal?.aborted) throw new AbortError(signal);
		throw failureOf(error, run.server.codexPath);
	}
}
async function* eventsOf(run) {
	try {
		var _usingCtx$1 = _usingCtx();
		const { client, threads } = run.server.running;
		const problems = _usingCtx$1.u(new Problems(client));
		const lease = await openThread({
			client,
			threads
		}, run);
		const { thread, sandbox } = lease;
		const starting = startUnchecked(thread, {
			...run.turn,
			...sandbox
		}, { signal: run.signal });
		starting.catch(() => threads.forget(thread.id));
		starting.then((turn) => turn.run()).then(lease.release, lease.release);
		const events = new TurnEvents();
		let ended;
		try {
			yield {
				type: "thread.started",
				thread_id: thread.id
			};
			const { signal } = run;
			for await (const notification of (await starting).stream({ signal })) {
				if (notification.method === "turn/completed") ended = notification.params.turn;
				for (const message of problems.take(thread.id)) yield events.problem(message);
				yield* events.accept(notification);
			}
		} finally {
			if (!ended) stop(starting);
		}
		if (ended === void 0) throw execFailure("The turn has no end");
		return ended;
	} catch (_) {
		_usingCtx$1.e = _;
	} finally {
		_usingCtx$1.d();
	}
}
async function openThread({ client, threads }, run) {
	const { settings, signal } = run;
	const id = run.threadId === null ? void 0 : await findThread(client, run.threadId, settings);
	if (id === void 0) return threads.start(settings, run.threadSource, signal);
	return threads.resume(id, settings, signal);
}
async function stop(starting) {
	try {
		await (await starting).interrupt();
	} catch {}
}
// src/codex-sdk/git-repository.ts
function isInGitRepository(directory) {
	for (let folder = directory;; folder = dirname(folder)) {
		if (existsSync(join(folder, ".git"))) return true;
		if (folder === dirname(folder)) return false;
	}
}
// src/codex-sdk/thread-settings.ts
function threadSettings(options) {
	const { approvalPolicy, model, modelReasoningEffort } = options;
	const additionalDirectories = options.additionalDirectories ?? [];
	const cwd = workingDirectory(options);
	const webSearch = options.webSearchMode || webSearchOf(options.webSearchEnabled);
	return {
		cwd,
		model: model || void 0,
		sandbox: options.sandboxMode || void 0,
		networkAccess: options.networkAccessEnabled,
		workspaceRoots: additionalDirectories.length > 0 ? [cwd, ...additionalDirectories.map((one) => resolve(cwd, one))] : void 0,
		config: {
			...approvalPolicy && { approval_policy: approvalPolicy },
			...modelReasoningEffort && { model_reasoning_effort: modelReasoningEffort },
			...webSearch && { web_search: webSearch }
		}
	};
}
function workingDirectory({ workingDirectory: given, skipGitRepoCheck }) {
	const cwd = given ? resolve(given) : process.cwd();
	if (!existsSync(cwd)) throw execFailure(`The working directory ${cwd} doesn't exist`);
	if (skipGitRepoCheck || isInGitRepository(cwd)) return cwd;
	throw execFailure(`Not inside a trusted directory and --skip-git-repo-check was not specified. Set workingDirectory to a directory of a Git repository instead of ${cwd}, or skipGitRepoCheck to true.`);
}
function webSearchOf(enabled) {
	if (enabled === void 0) return void 0;
	return enabled ? "live" : "disabled";
}
// src/codex-sdk/thread.ts
var Thread = class {
	#server;
	#options;
	#id;
	#opening;
	constructor({ server, options, id }) {
		this.#server = server;
		this.#options = options ?? {};
		this.#id = id;
	}
	get id() {
		return this.#id;
	}
	async runStreamed(input, turnOptions = {}) {
		return { events: this.#events(input, turnOptions) };
	}
	async run(input, turnOptions = {}) {
		const turn = {
			items: [],
			finalResponse: "",
			usage: null
		};
		for await (const event of this.#events(input, turnOptions)) {
			if (event.type === "item.completed") {
				turn.items.push(event.item);
				if (event.item.type === "agent_message") turn.finalResponse = event.item.text;
			}
			if (event.type === "turn.completed") turn.usage = event.usage;
			if (event.type === "turn.failed") throw new Error(event.error.message);
		}
		return turn;
	}
	native() {
		this.#opening ??= this.#openNative().finally(() => {
			this.#opening = void 0;
		});
		return this.#opening;
	}
	async #openNative() {
		const { client, threads } = this.#server.running;
		const settings = threadSettings(this.#options);
		const id = this.#id === null ? void 0 : await findThread(client, this.#id, settings);
		const lease = id === void 0 ? await threads.start(settings, this.#source, void 0) : await threads.resume(id, settings, void 0);
		this.#id = lease.thread.id;
		threads.pin(lease.thread.id);
		const { thread, sandbox } = lease;
		try {
			await thread.updateSettings(sandbox);
			return thread;
		} finally {
			lease.release();
		}
	}
	get #source() {
		return this.#options.threadSource ?? "user";
	}
	async *#events(input, options) {
		const { outputSchema, cyberAccessProgram, signal } = options;
		checkSignal(signal);
		const schema = outputSchema === void 0 ? void 0 : plainSchema(outputSchema);
		const settings = threadSettings(this.#options);
		const turn = {
			input: promptOf(input),
			cwd: settings.cwd,
			approvalPolicy: "never",
			turnTrigger: "exec",
			...schema !== void 0 && { outputSchema: schema },
			...cyberAccessProgram !== void 0 && { cyberAccessProgram: cyberAccess(cyberAccessProgram) }
		};
		const events = runTurn({
			server: this.#server,
			threadId: this.#id,
			settings,
			threadSource: this.#source,
			turn,
			signal
		});
		for await (const event of events) {
			if (event.type === "thread.started") this.#id = event.thread_id;
			yield event;
		}
	}
};
const CYBER_ACCESS = {
	standard: "standard",
	daybreak_blue: "daybreakBlue",
	daybreak_red: "daybreakRed"
};
function cyberAccess(program) {
	if (Object.hasOwn(CYBER_ACCESS, program)) return CYBER_ACCESS[program];
	throw execFailure(`cyberAccessProgram must be one of ${Object.keys(CYBER_ACCESS).join(", ")}, not ${program}`, "code 2");
}
function plainSchema(schema) {
	if (typeof schema !== "object" || schema === null || Array.isArray(schema)) throw new Error("outputSchema must be a plain JSON object");
	return JSON.parse(JSON.stringify(schema));
}
// src/codex-sdk/codex.ts
var Codex = class {
	#server;
	constructor(options = {}) {
		if (!options.codexPathOverride && !options.native?.transport) findCodexBinary();
		this.#server = new Server(options);
	}
	startThread(options = {}) {
		return new Thread({
			server: this.#server,
			options,
			id: null
		});
	}
	resumeThread(id, options = {}) {
		return new Thread({
			server: this.#server,
			options,
			id
		});
	}
	native() {
		return this.#server.running.client;
	}
};
export { Codex, Thread };

//# sourceMappingURL=index.js.map