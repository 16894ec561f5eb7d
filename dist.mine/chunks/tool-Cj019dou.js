import { t as CodexWarning } from "./warning-DAp6LfHQ.js";
import { h as requireOptions, n as boolean } from "./checks-CUlVF2ON.js";
import { i as messageOf, r as isRecord, t as describe } from "./describe-_qXpbH4d.js";
import { N as prepareSchema, a as UnusableResult, c as toolFailure, l as toolSuccess, o as checkMedia, u as checkToolName } from "./options-DLYssPXW.js";
// src/input/tool.ts
const MAX_EXPLAINED = 20;
function tool(definition) {
	checkDefinition(definition);
	const { name, description, input, deferLoading } = definition;
	const { jsonSchema, validate } = prepareSchema(input, `tool "${name}": input`, { strict: false });
	if (jsonSchema.type !== "object") throw new TypeError(`tool "${name}": input must be an object schema, got one of type ${describe(jsonSchema.type)}`);
	return {
		spec: {
			name,
			description,
			inputSchema: jsonSchema,
			...deferLoading === void 0 ? {} : { deferLoading }
		},
		definition,
		call: async (args, context, warn) => {
			try {
				const checked = await validate(args);
				if (checked.issues !== void 0) return toolFailure(explain(name, checked.issues));
				const result = await definition.execute(checked.value, context);
				const response = toolSuccess(result);
				await checkMedia(response);
				return response;
			} catch (error) {
				const text = `The tool ${name} failed: ${messageOf(error)}`;
				if (error instanceof UnusableResult) warn?.(new CodexWarning("TOOL_RESULT_UNUSABLE", text, { cause: error }));
				return toolFailure(text);
			}
		}
	};
}
const DEFINITION = {
	name: () => void 0,
	description: () => void 0,
	input: () => void 0,
	deferLoading: boolean,
	execute: () => void 0
};
function checkDefinition(definition) {
	if (!isRecord(definition)) throw new TypeError(`A tool must be defined by an object, got ${describe(definition)}`);
	const { name, description, execute } = definition;
	checkToolName(name, "tool name", 128);
	requireOptions(`tool "${name}"`, definition, DEFINITION);
	if (typeof description !== "string" || description.trim() === "") throw new TypeError(`tool "${name}": description must be a text that tells the model what it does, got ${describe(description)}`);
	if (typeof execute !== "function") throw new TypeError(`tool "${name}": execute must be a function, got ${describe(execute)}`);
}
function explain(name, issues) {
	const lines = issues.slice(0, MAX_EXPLAINED).map(({ message, path }) => {
		return path.length === 0 ? `- ${message}` : `- ${path.map(String).join(".")}: ${message}`;
	});
	if (issues.length > MAX_EXPLAINED) lines.push(`- and ${issues.length - MAX_EXPLAINED} more`);
	return [
		`The arguments of ${name} do not fit its schema:`,
		...lines,
		"Correct them and call again."
	].join("\n");
}
export { tool as t };

//# sourceMappingURL=tool-Cj019dou.js.map