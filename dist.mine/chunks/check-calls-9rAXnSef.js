import { F as asyncDispose, I as dispose, S as wholeFrom, d as nonEmpty, h as requireOptions, i as func, n as boolean, s as isThing, t as anything, v as signal, y as string } from "./checks-CUlVF2ON.js";
import { g as onAbort, p as checkSignal, x as startTimer, y as checkedMs } from "./rpc-errors-Ck2IiD6l.js";
// \0@oxc-project+runtime@0.158.0/helpers/esm/usingCtx.js
function _usingCtx() {
	var r = "function" == typeof SuppressedError ? SuppressedError : function(r, e) {
		var n = Error();
		return n.name = "SuppressedError", n.error = r, n.suppressed = e, n;
	}, e = {}, n = [];
	function using(r, e) {
		if (null != e) {
			if (Object(e) !== e) throw new TypeError("using declarations can only be used with objects, functions, null, or undefined.");
			if (r) var o = e[asyncDispose || Symbol["for"]("Symbol.asyncDispose")];
			if (void 0 === o && (o = e[dispose || Symbol["for"]("Symbol.dispose")], r)) var t = o;
			if ("function" != typeof o) throw new TypeError("Object is not disposable.");
			t && (o = function o() {
				try {
					t.call(e);
				} catch (r) {
					return Promise.reject(r);
				}
			}), n.push({
				v: e,
				d: o,
				a: r
			});
		} else r && n.push({
			d: e,
			a: r
		});
		return e;
	}
	return {
		e,
		u: using.bind(null, !1),
		a: using.bind(null, !0),
		d: function d() {
			var o, t = this.e, s = 0;
			function next() {
				for (; o = n.pop();) try {
					if (!o.a && 1 === s) return s = 0, n.push(o), Promise.resolve().then(next);
					if (o.d) {
						var r = o.d.call(o.v);
						if (o.a) return s |= 2, Promise.resolve(r).then(next, err);
					} else s |= 1;
				} catch (r) {
					return err(r);
				}
				if (1 === s) return t !== e ? Promise.reject(t) : Promise.resolve();
				if (t !== e) throw t;
			}
			function err(n) {
				return t = t !== e ? new r(n, t) : n, next();
			}
			return next();
		}
	};
}
// src/util/deadline.ts
function deadline(signal, timeoutMs, timeUp) {
	const ms = checkedMs(timeoutMs ?? 0, "timeoutMs");
	checkSignal(signal);
	if (ms === 0 || ms === Number.POSITIVE_INFINITY) return {
		signal,
		[dispose]: () => {}
	};
	const controller = new AbortController();
	const timer = startTimer(ms, () => controller.abort(timeUp(ms)));
	const stop = onAbort(signal, () => {
		timer.cancel();
		controller.abort(signal?.reason);
	});
	return {
		signal: controller.signal,
		[dispose]: () => {
			timer.cancel();
			stop();
		}
	};
}
// src/protocol/generated/members.ts
const PARAM_TYPES = {
	"account/read": { "refreshToken": "boolean" },
	"command/exec": {
		"command": "array",
		"processId": "null string",
		"tty": "boolean",
		"streamStdin": "boolean",
		"streamStdoutStderr": "boolean",
		"outputBytesCap": "null number",
		"disableOutputCap": "boolean",
		"disableTimeout": "boolean",
		"timeoutMs": "null number",
		"cwd": "null string",
		"env": "null object",
		"size": "null object",
		"sandboxPolicy": "null object",
		"permissionProfile": "null string"
	},
	"config/batchWrite": {
		"edits": "array",
		"filePath": "null string",
		"expectedVersion": "null string",
		"reloadUserConfig": "boolean"
	},
	"config/read": {
		"includeLayers": "boolean",
		"cwd": "null string"
	},
	"fs/copy": {
		"sourcePath": "string",
		"destinationPath": "string",
		"recursive": "boolean"
	},
	"fs/createDirectory": {
		"path": "string",
		"recursive": "boolean null"
	},
	"fs/remove": {
		"path": "string",
		"recursive": "boolean null",
		"force": "boolean null"
	},
	"mcpServer/oauth/login": {
		"name": "string",
		"threadId": "null string",
		"clientRegistration": "null string",
		"scopes": "array null",
		"timeoutSecs": "null number"
	},
	"mcpServer/resource/read": {
		"_meta": "null object",
		"threadId": "null string",
		"originCallId": "null string",
		"server": "string",
		"uri": "string",
		"connectorId": "null string",
		"target": "null object"
	},
	"mcpServerStatus/list": {
		"cursor": "null string",
		"limit": "null number",
		"detail": "null string",
		"threadId": "null string",
		"serverName": "null string"
	},
	"model/list": {
		"modelProvider": "null string",
		"cursor": "null string",
		"limit": "null number",
		"includeHidden": "boolean null"
	},
	"plugin/installed": {
		"cwds": "array null",
		"installSuggestionPluginNames": "array null"
	},
	"plugin/list": {
		"cwds": "array null",
		"marketplaceKinds": "array null",
		"forceRefetch": "boolean"
	},
	"skills/list": {
		"cwds": "array",
		"forceReload": "boolean"
	},
	"thread/fork": {
		"threadId": "string",
		"experimentalPredictionMode": "boolean",
		"experimentalDisablePredictionMcp": "boolean",
		"lastTurnId": "null string",
		"beforeTurnId": "null string",
		"path": "null string",
		"model": "null string",
		"modelProvider": "null string",
		"serviceTier": "null string",
		"cwd": "null string",
		"runtimeWorkspaceRoots": "array null",
		"approvalPolicy": "null object string",
		"approvalsReviewer": "null string",
		"sandbox": "null string",
		"permissions": "null string",
		"config": "null object",
		"baseInstructions": "null string",
		"developerInstructions": "null string",
		"ephemeral": "boolean",
		"attachToSource": "boolean",
		"threadSource": "null string",
		"excludeTurns": "boolean",
		"deferGoalContinuation": "boolean"
	},
	"thread/items/list": {
		"threadId": "string",
		"turnId": "null string",
		"cursor": "null object string",
		"limit": "null number",
		"sortDirection": "null string",
		"deferOutput": "null object"
	},
	"thread/list": {
		"includeAttachedThreads": "boolean",
		"currentAccountOnly": "boolean",
		"cursor": "null string",
		"limit": "null number",
		"excludedThreadIds": "array null",
		"sortKey": "null string",
		"sortDirection": "null string",
		"modelProviders": "array null",
		"sourceKinds": "array null",
		"originators": "array null",
		"archived": "boolean null",
		"sectionId": "null string",
		"projectId": "null string",
		"cwd": "array null string",
		"useStateDbOnly": "boolean",
		"searchTerm": "null string",
		"parentThreadId": "null string",
		"ancestorThreadId": "null string",
		"attachedToThreadId": "null string"
	},
	"thread/metadata/update": {
		"threadId": "string",
		"projectId": "null string",
		"gitInfo": "null object",
		"daybreakEnabled": "boolean null"
	},
	"thread/resume": {
		"threadId": "string",
		"history": "array null",
		"path": "null string",
		"model": "null string",
		"modelProvider": "null string",
		"serviceTier": "null string",
		"cwd": "null string",
		"runtimeWorkspaceRoots": "array null",
		"approvalPolicy": "null object string",
		"approvalsReviewer": "null string",
		"sandbox": "null string",
		"permissions": "null string",
		"config": "null object",
		"baseInstructions": "null string",
		"developerInstructions": "null string",
		"personality": "null string",
		"excludeTurns": "boolean",
		"initialTurnsPage": "null object"
	},
	"thread/search": {
		"includeAttachedThreads": "boolean",
		"currentAccountOnly": "boolean",
		"cursor": "null string",
		"limit": "null number",
		"sortKey": "null string",
		"sortDirection": "null string",
		"sourceKinds": "array null",
		"archived": "boolean null",
		"searchTerm": "string"
	},
	"thread/settings/update": {
		"threadId": "string",
		"disabledPluginIds": "array null",
		"cwd": "null string",
		"environments": "array null",
		"approvalPolicy": "null object string",
		"approvalsReviewer": "null string",
		"sandboxPolicy": "null object",
		"permissions": "null string",
		"model": "null string",
		"serviceTier": "null string",
		"effort": "null string",
		"summary": "null string",
		"collaborationMode": "null object",
		"multiAgentMode": "null object string",
		"personality": "null string"
	},
	"thread/start": {
		"model": "null string",
		"modelProvider": "null string",
		"allowProviderModelFallback": "boolean",
		"serviceTier": "null string",
		"cwd": "null string",
		"runtimeWorkspaceRoots": "array null",
		"approvalPolicy": "null object string",
		"approvalsReviewer": "null string",
		"sandbox": "null string",
		"permissions": "null string",
		"config": "null object",
		"serviceName": "null string",
		"baseInstructions": "null string",
		"developerInstructions": "null string",
		"personality": "null string",
		"multiAgentMode": "null object string",
		"ephemeral": "boolean null",
		"historyMode": "null string",
		"sessionStartSource": "null string",
		"threadSource": "null string",
		"projectId": "null string",
		"daybreakEnabled": "boolean null",
		"environments": "array null",
		"dynamicTools": "array null",
		"selectedCapabilityRoots": "array null",
		"mockExperimentalField": "null string",
		"experimentalRawEvents": "boolean"
	},
	"thread/turns/list": {
		"threadId": "string",
		"cursor": "null string",
		"limit": "null number",
		"sortDirection": "null string",
		"itemsView": "null string"
	},
	"turn/start": {
		"threadId": "string",
		"disabledPluginIds": "array null",
		"clientUserMessageId": "null string",
		"input": "array",
		"turnTrigger": "null string",
		"parentTurnId": "null string",
		"rootTurnId": "null string",
		"toolOutput": "null object",
		"responsesapiClientMetadata": "null object",
		"responsesapiClientMetadataPatch": "null object",
		"additionalContext": "null object",
		"environments": "array null",
		"cwd": "null string",
		"runtimeWorkspaceRoots": "array null",
		"approvalPolicy": "null object string",
		"approvalsReviewer": "null string",
		"sandboxPolicy": "null object",
		"permissions": "null string",
		"model": "null string",
		"serviceTier": "null string",
		"serviceTierForTurn": "null string",
		"effort": "null string",
		"summary": "null string",
		"personality": "null string",
		"outputSchema": "array boolean null number object string",
		"collaborationMode": "null object",
		"multiAgentMode": "null object string",
		"cyberAccessProgram": "null string"
	}
};
// src/client/check-calls.ts
const NAMES = {
	array: "a list",
	boolean: "a boolean",
	null: "null",
	number: "a number",
	object: "an object",
	string: "a string"
};
const REQUEST = {
	signal,
	timeoutMs: isThing("a number of milliseconds", (value) => typeof value === "number")
};
const THREAD = {
	...REQUEST,
	tools: anything
};
const CALLS = {
	connect: { signal },
	threadStart: {
		...THREAD,
		...ofParams(PARAM_TYPES["thread/start"])
	},
	threadResume: {
		...THREAD,
		...ofParams(PARAM_TYPES["thread/resume"], ["threadId"])
	},
	threadFork: {
		...THREAD,
		...ofParams(PARAM_TYPES["thread/fork"], ["threadId"])
	},
	threadList: {
		...REQUEST,
		...ofParams(PARAM_TYPES["thread/list"])
	},
	modelList: {
		...REQUEST,
		...ofParams(PARAM_TYPES["model/list"])
	},
	turn: {
		...REQUEST,
		...ofParams(PARAM_TYPES["turn/start"], ["threadId", "input"]),
		outputSchema: anything,
		strict: boolean,
		sandbox: string
	},
	read: {
		...REQUEST,
		includeTurns: boolean
	},
	wait: REQUEST,
	interrupt: {
		...REQUEST,
		deadlineMs: anything
	},
	goal: {
		...REQUEST,
		tokenBudget: wholeFrom(1)
	},
	timeline: {
		...REQUEST,
		pageSize: wholeFrom(1),
		schedule: func
	},
	loadOlder: {
		...REQUEST,
		threadId: string
	},
	nextRequest: {
		...REQUEST,
		id: string,
		threadId: string
	},
	request: REQUEST
};
function checkCall(call, subject, options) {
	if (options !== void 0) requireOptions(subject, options, CALLS[call]);
}
function checkParams(subject, method, options, { omitted = [], extra = {} } = {}) {
	if (options === void 0) return;
	requireOptions(subject, options, {
		...ofParams(PARAM_TYPES[method], omitted),
		...REQUEST,
		...extra
	});
}
function checkThreadId(subject, threadId) {
	const fault = nonEmpty(threadId);
	if (fault !== void 0) throw new TypeError(`${subject}: the thread id${fault}`);
}
function ofParams(types, omitted = []) {
	const members = Object.entries(types).filter(([name]) => !omitted.includes(name));
	return Object.fromEntries(members.map(([name, kinds]) => [name, jsonCheck(kinds.split(" "))]));
}
function jsonCheck(kinds) {
	const what = kinds.filter((kind) => kind !== "null").map((kind) => NAMES[kind]).join(" or ");
	return isThing(what, (value) => kinds.includes(jsonTypeOf(value)));
}
function jsonTypeOf(value) {
	if (value === null) return "null";
	return Array.isArray(value) ? "array" : typeof value;
}
export { _usingCtx as a, deadline as i, checkParams as n, checkThreadId as r, checkCall as t };

//# sourceMappingURL=check-calls-9rAXnSef.js.map