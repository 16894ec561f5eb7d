import { C as CodexError, I as dispose, L as __exportAll, S as wholeFrom, T as InvalidSchemaError, _ as show, a as is, b as strings, d as nonEmpty, f as object, g as shape, h as requireOptions, i as func, l as members, m as ratio, n as boolean, o as isObject, p as orBoolean, r as checkListener, s as isThing, u as milliseconds, v as signal, x as variables, y as string } from "./checks-CUlVF2ON.js";
import { i as messageOf, n as isPlainObject, o as quoteForeign, r as isRecord, t as describe } from "./describe-_qXpbH4d.js";
import { t as CodexWarning } from "./warning-DAp6LfHQ.js";
import { c as ServerBusyError, f as saysOverloaded, i as JsonRpcError, m as delay, s as RetryLimitExceededError } from "./rpc-errors-Ck2IiD6l.js";
import { i as imageTypeOf, t as mediaUrlFault } from "./media-url-iQuN1SmC.js";
import "./version-CqA_qoI8.js";
import { Script, createContext } from "node:vm";
import { constants } from "node:buffer";
// src/session/listeners.ts
var Listeners = class {
	#what;
	#warn;
	#listeners = /* @__PURE__ */ new Set();
	constructor(what, warn) {
		this.#what = what;
		this.#warn = warn;
	}
	get size() {
		return this.#listeners.size;
	}
	add(listener) {
		checkListener(listener);
		const entry = (...args) => listener(...args);
		this.#listeners.add(entry);
		return { [dispose]: () => void this.#listeners.delete(entry) };
	}
	tell(...args) {
		for (const listener of [...this.#listeners]) {
			if (!this.#listeners.has(listener)) continue;
			try {
				const result = listener(...args);
				if (result instanceof Promise) result.catch((cause) => this.#report(cause));
			} catch (cause) {
				this.#report(cause);
			}
		}
	}
	#report(cause) {
		const message = `A listener of ${this.#what} threw: ${messageOf(cause)}`;
		this.#warn(new CodexWarning("LISTENER_FAILED", message, { cause }));
	}
};
// src/errors/request-errors.ts
var request_errors_exports = /* @__PURE__ */ __exportAll({
	InvalidAnswerError: () => InvalidAnswerError,
	RequestSettledError: () => RequestSettledError,
	UnknownRequestError: () => UnknownRequestError
});
const MAX_ID_CHARS = 60;
const WHY = {
	answered: "it has been answered already",
	withdrawn: "the server has withdrawn it, for example because another client answered it",
	turnEnded: "its turn has ended",
	connectionLost: "the client was closed, or the server that asked has ended"
};
var RequestSettledError = class extends CodexError {
	name = "RequestSettledError";
	code = "REQUEST_SETTLED";
	requestId;
	reason;
	constructor(requestId, reason) {
		super(`Request ${quoteForeign(requestId, MAX_ID_CHARS)} can't be answered: ${WHY[reason]}`);
		this.requestId = requestId;
		this.reason = reason;
	}
};
var UnknownRequestError = class extends CodexError {
	name = "UnknownRequestError";
	code = "UNKNOWN_REQUEST";
	requestId;
	constructor(requestId) {
		const shown = typeof requestId === "string" ? quoteForeign(requestId, MAX_ID_CHARS) : describe(requestId);
		super(`No request has the id ${shown}: it was settled long ago, or the server hasn't sent it to this client. On a shared server, resume its thread first.`);
		this.requestId = requestId;
	}
};
var InvalidAnswerError = class extends CodexError {
	name = "InvalidAnswerError";
	code = "INVALID_ANSWER";
	requestId;
	issues;
	constructor(requestId, what, issues = []) {
		super(`The answer to request ${quoteForeign(requestId, MAX_ID_CHARS)} ${what}`);
		this.requestId = requestId;
		this.issues = issues;
	}
};
// src/input/time-limit.ts
const CHECK_LIMIT_MS = 2e3;
var TookTooLong = class extends Error {
	name = "TookTooLong";
};
function withinTime(limitMs, work) {
	runner ??= createRunner();
	try {
		return runner(work, limitMs);
	} catch (error) {
		if (isTimeUp(error)) throw new TookTooLong(`took longer than ${limitMs} ms`);
		throw error;
	}
}
let runner;
function createRunner() {
	const holder = {};
	const context = createContext(holder);
	const script = new Script("work()");
	return (work, timeout) => {
		holder.work = () => {
			holder.work = void 0;
			return work();
		};
		return script.runInContext(context, { timeout });
	};
}
function isTimeUp(error) {
	return error?.code === "ERR_SCRIPT_EXECUTION_TIMEOUT";
}
// src/input/ask-library.ts
function askLibrary(schema, value, limitMs = CHECK_LIMIT_MS) {
	try {
		return withinTime(limitMs, () => schema["~standard"].validate(value));
	} catch (error) {
		if (!(error instanceof TookTooLong)) throw error;
		const { vendor } = schema["~standard"];
		return { issues: [{ message: `can't be checked: the ${vendor} schema ${error.message} (does one of its regular expressions backtrack?)` }] };
	}
}
// src/input/strict-pattern.ts
const TOKEN = /\\(?:[pPu]\{[^}]*\}|c.|k<[^>]*>|[1-9]\d*|.)|\[(?:\\.|[^\]\\])*\]|\(\?(?!:)<?[=!]?/gsu;
const FOREIGN_ESCAPES = [
	"\\p",
	"\\P",
	"\\u{",
	"\\c"
];
const ESCAPE = /\\(?:u\{|.)/gsu;
const FOREIGN_CLASSES = ["[]", "[^]"];
function refusedInPattern(pattern) {
	try {
		new RegExp(pattern, "u");
	} catch (error) {
		return `isn't a valid regular expression (${error.message})`;
	}
	for (const [token] of pattern.matchAll(TOKEN)) {
		const refused = refusedToken(token);
		if (refused !== void 0) return refused;
	}
}
function refusedToken(token) {
	if (/^\(.*[=!]$/.test(token)) return "looks ahead or behind";
	if (token === "(?<") return "names a group";
	if (token === "(?") return "has inline modifiers";
	if (/^\\[1-9k]/.test(token)) return "has a backreference";
	const escapes = token.match(ESCAPE) ?? [];
	return FOREIGN_CLASSES.includes(token) || escapes.some((one) => FOREIGN_ESCAPES.includes(one)) ? `has ${token}` : void 0;
}
// src/input/json-type.ts
const TYPES = [
	"string",
	"number",
	"integer",
	"boolean",
	"object",
	"array",
	"null"
];
function isOfType(name, value) {
	switch (name) {
		case "null": return value === null;
		case "array": return Array.isArray(value);
		case "object": return typeof value === "object" && value !== null && !Array.isArray(value);
		case "integer": return Number.isInteger(value);
		default: return typeof value === name;
	}
}
// src/input/walk-schema.ts
const HOLD_ONE_OR_A_LIST = [
	"items",
	"prefixItems",
	"additionalItems",
	"contains",
	"unevaluatedItems",
	"additionalProperties",
	"propertyNames",
	"unevaluatedProperties",
	"anyOf",
	"oneOf",
	"allOf",
	"not",
	"if",
	"then",
	"else"
];
const HOLD_NAMED = [
	"properties",
	"patternProperties",
	"dependentSchemas",
	"dependencies",
	"$defs",
	"definitions"
];
function subschemas(schema) {
	return HOLD_ONE_OR_A_LIST.flatMap((keyword) => {
		const value = schema[keyword];
		return Array.isArray(value) ? named(keyword, value) : found(keyword, `/${keyword}`, value);
	}).concat(HOLD_NAMED.flatMap((keyword) => named(keyword, schema[keyword])));
}
function pointerPart(key) {
	return `/${key.replaceAll("~", "~0").replaceAll("/", "~1")}`;
}
function pointerKey(part) {
	return part.replaceAll("~1", "/").replaceAll("~0", "~");
}
function named(keyword, holder) {
	if (typeof holder !== "object" || holder === null) return [];
	return Object.entries(holder).flatMap(([key, value]) => {
		return found(keyword, `/${keyword}${pointerPart(key)}`, value);
	});
}
function found(keyword, pointer, value) {
	return isRecord(value) ? [{
		schema: value,
		keyword,
		pointer
	}] : [];
}
function describesObject(schema) {
	const { type } = schema;
	if (type === void 0) return "properties" in schema;
	return type === "object" || Array.isArray(type) && type.includes("object");
}
// src/input/strict-limits.ts
const MAX_KEYS = 5e3;
const MAX_LEVELS = 10;
const MAX_NAMES_CHARS = 12e4;
const MAX_ENUM_VALUES = 1e3;
const LARGE_ENUM = 250;
const MAX_LARGE_ENUM_CHARS = 15e3;
function excessOf(root) {
	const sizes = {
		keys: 0,
		chars: 0,
		enumValues: 0
	};
	const excess = measure(root, "", 1, sizes);
	if (excess) return excess;
	const { keys, chars, enumValues } = sizes;
	if (keys > MAX_KEYS) return tooMuch(`has ${keys} keys in all its objects`, MAX_KEYS);
	if (enumValues > MAX_ENUM_VALUES) return tooMuch(`has ${enumValues} values in all its enums`, MAX_ENUM_VALUES);
	if (chars > MAX_NAMES_CHARS) return tooMuch(`has ${chars} characters in its names and allowed values`, MAX_NAMES_CHARS);
}
function measure(schema, pointer, level, sizes) {
	const { properties, items, const: only } = schema;
	if ((isRecord(properties) || items !== void 0) && level > MAX_LEVELS) return {
		pointer,
		what: `is on level ${level} of objects and arrays, and at most ${MAX_LEVELS} are allowed: flatten it`
	};
	for (const names of [
		properties,
		schema.$defs,
		schema.definitions
	]) sizes.chars += nameChars(names);
	sizes.keys += isRecord(properties) ? Object.keys(properties).length : 0;
	sizes.chars += textChars(only);
	const excess = measureEnum(schema, pointer, sizes);
	if (excess) return excess;
	for (const { schema: inner, keyword, pointer: step } of subschemas(schema)) {
		const deeper = keyword === "properties" || keyword === "items" ? level + 1 : level;
		const further = keyword === "$defs" || keyword === "definitions" ? 1 : deeper;
		const found = measure(inner, pointer + step, further, sizes);
		if (found) return found;
	}
}
function measureEnum(schema, pointer, sizes) {
	const values = Array.isArray(schema.enum) ? schema.enum : [];
	const chars = values.reduce((sum, value) => sum + textChars(value), 0);
	sizes.enumValues += values.length;
	sizes.chars += chars;
	if (values.length <= LARGE_ENUM || chars <= MAX_LARGE_ENUM_CHARS) return void 0;
	return {
		pointer: `${pointer}/enum`,
		what: `has ${values.length} values of ${chars} characters in all, and enums of more than ${LARGE_ENUM} values may have at most ${MAX_LARGE_ENUM_CHARS}: use fewer or shorter ones`
	};
}
function tooMuch(what, limit) {
	return {
		pointer: "",
		what: `${what}, and at most ${limit} are allowed: split the task`
	};
}
function nameChars(names) {
	return isRecord(names) ? Object.keys(names).reduce((sum, name) => sum + name.length, 0) : 0;
}
function textChars(value) {
	return typeof value === "string" ? value.length : 0;
}
// src/input/strict-schema.ts
const OFF = "or pass strict: false if the model's endpoint has no strict mode";
const STRICT_FORMATS = [
	"date-time",
	"time",
	"date",
	"duration",
	"email",
	"hostname",
	"ipv4",
	"ipv6",
	"uuid"
];
const NOTES = ["title", "description"];
const AT_ROOT = [
	"$schema",
	"$id",
	"$defs",
	"definitions"
];
const ANY_TYPE = [
	"type",
	"enum",
	"const"
];
const NUMBER = [
	"multipleOf",
	"minimum",
	"maximum",
	"exclusiveMinimum",
	"exclusiveMaximum"
];
const OF_TYPE = {
	string: ["pattern", "format"],
	number: NUMBER,
	integer: NUMBER,
	boolean: [],
	null: [],
	array: [
		"items",
		"minItems",
		"maxItems"
	],
	object: [
		"properties",
		"required",
		"additionalProperties"
	]
};
const ENTRIES = "list the keys in properties, or use an array of objects with a key and a value";
const REMEDIES$1 = /* @__PURE__ */ new Map([
	["oneOf", "use anyOf"],
	["allOf", "merge its parts into one schema"],
	["not", "describe what is allowed instead"],
	["if", "use anyOf"],
	["then", "use anyOf"],
	["else", "use anyOf"],
	["prefixItems", "use an object with one key for each element of the tuple"],
	["additionalItems", "use items"],
	["contains", "use items"],
	["unevaluatedItems", "use items"],
	["unevaluatedProperties", "use additionalProperties: false"],
	["patternProperties", ENTRIES],
	["propertyNames", ENTRIES],
	["dependencies", "use anyOf"],
	["dependentRequired", "use anyOf"],
	["dependentSchemas", "use anyOf"],
	["nullable", "add \"null\" to its type"],
	["minLength", "put it into the description, or use a pattern"],
	["maxLength", "put it into the description, or use a pattern"],
	["default", "remove it: the model always sets a value"],
	["examples", "put them into the description"]
]);
function checkStrict(given, name) {
	const schema = JSON.parse(JSON.stringify(given));
	const refuse = (pointer, what) => {
		throw new InvalidSchemaError(`${name}: ${pointer === "" ? "its root" : pointer} ${what}, ${OFF}`, pointer);
	};
	if (schema.type !== "object" || schema.anyOf !== void 0) refuse("", "must be an object schema, without anyOf: make the value a key of an object");
	const excess = withinStack(() => {
		new StrictCheck(schema, refuse).checkRoot();
		return excessOf(schema);
	});
	if (excess) refuse(excess.pointer, excess.what);
}
const TOO_DEEP = {
	pointer: "",
	what: "is nested thousands of levels deep: flatten it"
};
function withinStack(check) {
	try {
		return check();
	} catch (error) {
		if (error instanceof RangeError) return TOO_DEEP;
		throw error;
	}
}
var StrictCheck = class {
	#root;
	#refuse;
	constructor(root, refuse) {
		this.#root = root;
		this.#refuse = refuse;
	}
	checkRoot() {
		this.#check(this.#root, "", AT_ROOT);
		for (const holder of ["$defs", "definitions"]) {
			const definitions = this.#root[holder];
			for (const [key, schema] of Object.entries(isRecord(definitions) ? definitions : {})) this.#check(schema, `/${holder}${pointerPart(key)}`);
		}
	}
	#check(schema, at, extra = []) {
		if (!isRecord(schema)) this.#refuse(at, `is ${JSON.stringify(schema)}, which doesn't restrict the value: give it a type`);
		if (schema.$ref !== void 0) this.#checkReference(schema, at);
		else if (schema.anyOf !== void 0) this.#checkChoice(schema, at);
		else this.#checkTyped(schema, at, extra);
	}
	#checkReference({ $ref, ...others }, at) {
		const [beside] = Object.keys(others);
		if (beside !== void 0) this.#refuse(at, `has ${beside} beside $ref, which strict mode refuses: put the $ref into an anyOf of one`);
		const [, holder, key] = /^#\/(\$defs|definitions)\/([^/]+)$/.exec(String($ref)) ?? [];
		const definitions = this.#root[holder ?? ""];
		const known = isRecord(definitions) && Object.hasOwn(definitions, pointerKey(key ?? ""));
		if ($ref !== "#" && !known) this.#refuse(`${at}/$ref`, `names ${JSON.stringify($ref)}: it must be "#" or a definition in the $defs of the root`);
	}
	#checkChoice({ anyOf, ...others }, at) {
		this.#allow(others, at, NOTES, "anyOf");
		if (!Array.isArray(anyOf) || anyOf.length === 0) this.#refuse(`${at}/anyOf`, "must be a list of schemas");
		for (const [place, schema] of anyOf.entries()) this.#check(schema, `${at}/anyOf/${place}`);
	}
	#checkTyped(schema, at, extra) {
		const { type } = schema;
		const types = Array.isArray(type) ? type : [type];
		const unknown = types.find((one) => !Object.hasOwn(OF_TYPE, String(one)));
		if (types.length === 0 || unknown !== void 0 || types.includes(unknown)) this.#refuseUntyped(schema, at);
		const keywords = types.flatMap((one) => OF_TYPE[one]);
		this.#allow(schema, at, [
			...NOTES,
			...extra,
			...ANY_TYPE,
			...keywords
		], `type ${types.join(", ")}`);
		this.#checkValues(schema, types, at);
		if (types.includes("string")) this.#checkText(schema, at);
		if (types.includes("array")) this.#checkArray(schema, at);
		if (types.includes("object")) this.#checkObject(schema, at);
	}
	#refuseUntyped(schema, at) {
		this.#allow(schema, at, [
			...NOTES,
			...ANY_TYPE,
			...Object.values(OF_TYPE).flat()
		], "a value");
		if (schema.type !== void 0) {
			const known = Object.keys(OF_TYPE).join(", ");
			this.#refuse(`${at}/type`, `is ${JSON.stringify(schema.type)}: it must be one of ${known}, or a list of them`);
		}
		const given = Object.keys(schema).filter((keyword) => !NOTES.includes(keyword));
		if (given.length === 0) this.#refuse(at, "doesn't restrict the value: give it a type");
		this.#refuse(at, `has ${given.join(", ")} without a type: add the type`);
	}
	#allow(schema, at, keywords, of) {
		const refused = Object.keys(schema).find((keyword) => !keywords.includes(keyword));
		if (refused === void 0) return;
		const elsewhere = Object.values(OF_TYPE).flat().includes(refused);
		const remedy = REMEDIES$1.get(refused) ?? "remove it";
		if (elsewhere) this.#refuse(at, `has ${refused}, which doesn't apply to ${of}: remove it`);
		this.#refuse(at, `has ${refused}, which strict mode refuses: ${remedy}`);
	}
	#checkValues(schema, types, at) {
		for (const keyword of ["enum", "const"]) {
			const given = schema[keyword];
			if (given === void 0) continue;
			const values = keyword === "const" ? [given] : given;
			const wrong = values.find((value) => !types.some((type) => isOfType(type, value)));
			if (wrong !== void 0 || values.length === 0) {
				const what = values.length === 0 ? "is empty" : `has ${JSON.stringify(wrong)}`;
				this.#refuse(`${at}/${keyword}`, `${what}: its values must be of the type beside it`);
			}
			const kinds = new Set(values.filter((value) => value !== null).map((value) => typeof value));
			if (kinds.size > 1 || kinds.has("object")) this.#refuse(`${at}/${keyword}`, "must have values of one simple type, apart from null: use anyOf for others");
		}
	}
	#checkText({ format, pattern }, at) {
		if (format !== void 0 && !STRICT_FORMATS.includes(String(format))) {
			const known = STRICT_FORMATS.join(", ");
			this.#refuse(`${at}/format`, `is ${JSON.stringify(format)}, and strict mode supports only ${known}: put it into the description`);
		}
		const refused = pattern === void 0 ? void 0 : refusedInPattern(String(pattern));
		if (refused !== void 0) this.#refuse(`${at}/pattern`, `${refused}, which strict mode refuses: write a simpler expression, or put it into the description`);
	}
	#checkArray({ items }, at) {
		if (items === void 0) this.#refuse(at, "is an array without items: add their schema");
		if (Array.isArray(items)) this.#refuse(at, `has a list of items, which strict mode refuses: ${REMEDIES$1.get("prefixItems")}`);
		this.#check(items, `${at}/items`);
	}
	#checkObject({ properties, required, additionalProperties }, at) {
		if (additionalProperties === void 0) this.#refuse(at, "allows other keys: add additionalProperties: false");
		if (additionalProperties !== false) this.#refuse(at, `allows keys that it doesn't list: ${ENTRIES.replace("list the keys", "list them")}`);
		if (!isRecord(properties)) this.#refuse(at, "is an object without properties: list its keys in them");
		const keys = Object.keys(properties);
		const needed = Array.isArray(required) ? required : [];
		const optional = keys.find((key) => !needed.includes(key));
		if (optional !== void 0) {
			const place = `${at}/properties${pointerPart(optional)}`;
			this.#refuse(place, "is optional: make it required, and nullable instead");
		}
		const unknown = needed.find((key) => !keys.includes(String(key)));
		if (unknown !== void 0) this.#refuse(`${at}/required`, `lists ${JSON.stringify(unknown)}, which isn't in properties: add it there`);
		for (const key of keys) this.#check(properties[key], `${at}/properties${pointerPart(key)}`);
	}
};
// src/input/strict-conversion.ts
const NOTED = [
	"minLength",
	"maxLength",
	"contentEncoding",
	"contentMediaType",
	"uniqueItems",
	"default",
	"examples"
];
const DROPPED = [
	"readOnly",
	"writeOnly",
	"deprecated",
	"$comment",
	"$id"
];
const NOT_BESIDE_ANY_OF = ["format", "pattern"];
function fitForStrict(schema) {
	for (const keyword of DROPPED) delete schema[keyword];
	listEnumeratedKeys(schema);
	mergePatterns(schema);
	wrapReference(schema);
	typeValues(schema);
	moveToDescription(schema);
	for (const { schema: inner } of subschemas(schema)) fitForStrict(inner);
}
function listEnumeratedKeys(schema) {
	const { propertyNames, additionalProperties, properties, required = [] } = schema;
	const keys = isRecord(propertyNames) ? propertyNames.enum : void 0;
	if (!Array.isArray(keys) || !isRecord(additionalProperties) || properties !== void 0) return;
	if (!keys.every((key) => typeof key === "string" && required.includes(key))) return;
	schema.properties = Object.fromEntries(keys.map((key) => [key, structuredClone(additionalProperties)]));
	schema.additionalProperties = false;
	delete schema.propertyNames;
}
function mergePatterns(schema) {
	const { allOf } = schema;
	if (!Array.isArray(allOf) || allOf.length === 0) return;
	if (!allOf.every((part) => isRecord(part) && Object.keys(part).join() === "pattern")) return;
	const patterns = allOf.map((part) => part.pattern);
	delete schema.allOf;
	if (schema.pattern === void 0) schema.pattern = patterns.shift();
	if (patterns.length > 0) note(schema, patterns.map((pattern) => `pattern: ${pattern}`));
}
function wrapReference(schema) {
	const { $ref } = schema;
	if ($ref === void 0 || Object.keys(schema).length === 1) return;
	delete schema.$ref;
	schema.anyOf = [{ $ref }];
}
function typeValues(schema) {
	if (typeof schema.type === "string" || schema.anyOf !== void 0) return;
	const given = schema.const !== void 0 ? [schema.const] : schema.enum;
	if (!Array.isArray(given) || given.length === 0) return;
	const types = [...new Set(given.map(typeOfValue))];
	if (types.includes(void 0)) return;
	if (types.filter((type) => type !== "null").length <= 1) {
		schema.type = types.length === 1 ? types[0] : types;
		return;
	}
	delete schema.type;
	delete schema.enum;
	schema.anyOf = types.map((type) => {
		return {
			type,
			enum: given.filter((value) => typeOfValue(value) === type)
		};
	});
}
function typeOfValue(value) {
	if (value === null) return "null";
	return [
		"string",
		"number",
		"boolean"
	].find((type) => typeof value === type);
}
function moveToDescription(schema) {
	const { format, pattern } = schema;
	const keywords = [...NOTED, ...schema.anyOf === void 0 ? [] : NOT_BESIDE_ANY_OF];
	if (!STRICT_FORMATS.includes(String(format))) keywords.push("format");
	if (typeof pattern === "string" && refusedInPattern(pattern) !== void 0) keywords.push("pattern");
	const moved = new Set(keywords.filter((keyword) => schema[keyword] !== void 0));
	note(schema, [...moved].map((keyword) => {
		const value = schema[keyword];
		return `${keyword}: ${typeof value === "string" ? value : JSON.stringify(value)}`;
	}));
	for (const keyword of moved) delete schema[keyword];
}
function note(schema, notes) {
	if (notes.length === 0) return;
	const { description } = schema;
	schema.description = `${typeof description === "string" && description !== "" ? `${description} ` : ""}(${notes.join(", ")})`;
}
// src/input/convert-schema.ts
const REMEDIES = {
	zod: "import it from \"zod\" 4.2 or later (not from \"zod/v3\" or \"zod/mini\")",
	arktype: "use arktype 2.1.28 or later",
	valibot: "wrap it in toStandardJsonSchema() of @valibot/to-json-schema"
};
function convertSchema(schema, name, { strict }) {
	const converted = inlineRoot(callConverter(schema, name));
	delete converted.$schema;
	if (Object.keys(converted).length === 0) throw new InvalidSchemaError(`${name}: its JSON Schema is empty, so it would tell the model nothing. Pass an object schema that lists its keys`, "");
	fitForModels(converted);
	if (strict) fitForStrict(converted);
	return converted;
}
function callConverter(schema, name) {
	const { vendor, jsonSchema } = schema["~standard"];
	if (typeof jsonSchema?.input !== "function") {
		const remedy = REMEDIES[vendor ?? ""] ?? "use a version of its library that supports the conversion";
		throw new InvalidSchemaError(`${name}: this ${vendor} schema can't be converted to JSON Schema. Either ${remedy}, or pass a plain JSON Schema`, "");
	}
	try {
		return JSON.parse(JSON.stringify(jsonSchema.input({ target: "draft-2020-12" })));
	} catch (cause) {
		throw new InvalidSchemaError(`${name}: ${vendor} can't convert it to JSON Schema: ${messageOf(cause)}`, "", { cause });
	}
}
function inlineRoot(schema) {
	const { $ref, ...rest } = schema;
	const [, holder, key] = /^#\/(\$defs|definitions)\/([^/~%]+)$/.exec(String($ref)) ?? [];
	if (holder === void 0 || key === void 0) return schema;
	const definitions = schema[holder];
	const target = isRecord(definitions) ? definitions[key] : void 0;
	return isRecord(target) ? {
		...structuredClone(target),
		...rest
	} : schema;
}
function fitForModels(schema, partOfAll = false) {
	if (describesObject(schema) && !partOfAll) schema.additionalProperties ??= false;
	if (schema.oneOf !== void 0 && schema.anyOf === void 0) {
		schema.anyOf = schema.oneOf;
		delete schema.oneOf;
	}
	for (const { schema: inner, keyword } of subschemas(schema)) fitForModels(inner, keyword === "allOf");
}
// src/input/json-schema/references.ts
const REFERENCE_KEYWORDS = [
	"$ref",
	"$dynamicRef",
	"$recursiveRef"
];
const ROOT = "schema:/";
var References = class {
	#root;
	#named = /* @__PURE__ */ new Map();
	#bases = /* @__PURE__ */ new Map();
	constructor(root) {
		this.#root = root;
		this.#named.set(ROOT, root);
		this.#learn(root, ROOT);
	}
	find(schema, ref) {
		const base = this.#bases.get(schema) ?? this.#bases.get(this.#root) ?? ROOT;
		if (!URL.canParse(ref, base)) return void 0;
		const url = new URL(ref, base);
		const fragment = decode(url.hash.slice(1));
		url.hash = "";
		const document = this.#named.get(url.href);
		if (document === void 0) return void 0;
		if (fragment === "") return document;
		if (!fragment.startsWith("/")) return this.#named.get(`${url.href}#${fragment}`);
		return pointed(document, fragment);
	}
	#learn(schema, outer) {
		const { $id, $anchor, $dynamicAnchor } = schema;
		const id = typeof $id === "string" && URL.canParse($id, outer) ? new URL($id, outer) : void 0;
		const base = id ? withoutFragment(id) : outer;
		if (base !== outer) this.#named.set(base, schema);
		this.#bases.set(schema, base);
		for (const anchor of [
			$anchor,
			$dynamicAnchor,
			id?.hash.slice(1) || void 0
		]) if (typeof anchor === "string") this.#named.set(`${base}#${anchor}`, schema);
		for (const { schema: inner } of subschemas(schema)) this.#learn(inner, base);
	}
};
function withoutFragment(url) {
	return url.href.slice(0, url.href.length - url.hash.length);
}
function pointed(document, pointer) {
	let value = document;
	for (const part of pointer.split("/").slice(1)) {
		const key = pointerKey(part);
		if (!(isRecord(value) || Array.isArray(value)) || !Object.hasOwn(value, key)) return void 0;
		value = value[key];
	}
	return value;
}
function decode(fragment) {
	try {
		return decodeURIComponent(fragment);
	} catch {
		return fragment;
	}
}
// src/input/json-schema/form.ts
var MalformedSchema = class extends Error {
	name = "MalformedSchema";
	pointer;
	constructor(pointer, what) {
		super(what);
		this.pointer = pointer;
	}
};
const isSchema = (given) => isRecord(given) || typeof given === "boolean";
const isNumber = (given) => typeof given === "number";
const isCount = (given) => Number.isInteger(given) && Number(given) >= 0;
const isText = (given) => typeof given === "string";
const isTexts = (given) => Array.isArray(given) && given.every(isText);
const isSchemas = (given) => Array.isArray(given) && given.length > 0 && given.every(isSchema);
const isSchemaMap = (given) => isRecord(given) && Object.values(given).every(isSchema);
const isTypeName = (given) => TYPES.some((type) => type === given);
const FORMS = [
	{
		holds: isSchema,
		what: "a schema",
		keywords: [
			"additionalProperties",
			"additionalItems",
			"contains",
			"propertyNames",
			"not",
			"if",
			"then",
			"else",
			"unevaluatedItems",
			"unevaluatedProperties"
		]
	},
	{
		holds: isSchemas,
		what: "a list of schemas",
		keywords: [
			"allOf",
			"anyOf",
			"oneOf",
			"prefixItems"
		]
	},
	{
		holds: (given) => isSchema(given) || Array.isArray(given) && given.every(isSchema),
		what: "a schema",
		keywords: ["items"]
	},
	{
		holds: isSchemaMap,
		what: "an object with a schema for each key",
		keywords: [
			"properties",
			"patternProperties",
			"dependentSchemas",
			"$defs",
			"definitions"
		]
	},
	{
		holds: isNumber,
		what: "a number",
		keywords: [
			"minimum",
			"maximum",
			"exclusiveMinimum",
			"exclusiveMaximum"
		]
	},
	{
		holds: (given) => isNumber(given) && Number(given) > 0,
		what: "a number greater than 0",
		keywords: ["multipleOf"]
	},
	{
		holds: isCount,
		what: "a whole number, not below 0",
		keywords: [
			"minLength",
			"maxLength",
			"minItems",
			"maxItems",
			"minContains",
			"maxContains",
			"minProperties",
			"maxProperties"
		]
	},
	{
		holds: (given) => isTypeName(given) || Array.isArray(given) && given.length > 0 && given.every(isTypeName),
		what: `one of ${TYPES.join(", ")}, or a list of them`,
		keywords: ["type"]
	},
	{
		holds: Array.isArray,
		what: "a list of values",
		keywords: ["enum"]
	},
	{
		holds: isTexts,
		what: "a list of keys",
		keywords: ["required"]
	},
	{
		holds: (given) => typeof given === "boolean",
		what: "true or false",
		keywords: ["uniqueItems"]
	},
	{
		holds: (given) => isRecord(given) && Object.values(given).every(isTexts),
		what: "an object with a list of keys for each key",
		keywords: ["dependentRequired"]
	},
	{
		holds: (given) => {
			return isRecord(given) && Object.values(given).every((one) => isSchema(one) || isTexts(one));
		},
		what: "an object with a schema or a list of keys for each key",
		keywords: ["dependencies"]
	},
	{
		holds: isText,
		what: "a text",
		keywords: ["pattern", ...REFERENCE_KEYWORDS]
	},
	{
		holds: (given) => typeof given === "string" && !(given in Object.prototype),
		what: "the name of a format",
		keywords: ["format"]
	}
];
function checkForm(root, references) {
	const checked = /* @__PURE__ */ new Map();
	const check = (schema, pointer) => {
		if (checked.has(schema)) return;
		checked.set(schema, pointer);
		checkKeywords(schema, pointer);
		checkPatterns(schema, pointer);
		for (const { schema: inner, pointer: further } of subschemas(schema)) check(inner, pointer + further);
		for (const keyword of REFERENCE_KEYWORDS) {
			const ref = schema[keyword];
			if (ref === void 0) continue;
			const target = references.find(schema, String(ref));
			if (!isSchema(target)) {
				const what = `names ${JSON.stringify(ref)}, which is not in the schema`;
				throw new MalformedSchema(`${pointer}/${keyword}`, what);
			}
			if (isRecord(target)) check(target, `${pointer}/${keyword}`);
		}
	};
	check(root, "");
	return checked;
}
function checkKeywords(schema, pointer) {
	for (const { holds, what, keywords } of FORMS) {
		const wrong = keywords.find((name) => Object.hasOwn(schema, name) && !holds(schema[name]));
		if (wrong !== void 0) throw new MalformedSchema(`${pointer}/${wrong}`, `must be ${what}`);
	}
}
function checkPatterns({ pattern, patternProperties = {} }, pointer) {
	if (typeof pattern === "string") checkPattern(pattern, `${pointer}/pattern`);
	for (const source of Object.keys(patternProperties)) checkPattern(source, `${pointer}/patternProperties${pointerPart(source)}`);
}
function checkPattern(source, pointer) {
	try {
		new RegExp(source, "u");
	} catch (error) {
		throw new MalformedSchema(pointer, `can't be used: ${error.message}`);
	}
}
// src/input/json-schema/issues.ts
const MAX_ISSUES = 20;
const TELLING = /* @__PURE__ */ new Set([
	"anyOf",
	"oneOf",
	"contains",
	"propertyNames"
]);
function toIssues(errors, root) {
	return errors.filter((error, place) => !isRepeated(error, errors[place - 1], errors[place + 1])).slice(0, MAX_ISSUES).map(({ error, instanceLocation }) => ({
		message: error,
		path: toPath(instanceLocation, root)
	}));
}
function isRepeated({ keyword, keywordLocation }, previous, next) {
	if (keyword === "false") return previous !== void 0;
	return !TELLING.has(keyword) && next?.keywordLocation.startsWith(`${keywordLocation}/`) === true;
}
function toPath(location, root) {
	let value = root;
	return location.split("/").slice(1).map((part) => {
		const key = pointerKey(decodeURIComponent(part));
		const segment = Array.isArray(value) ? Number(key) : key;
		value = Object(value)[segment];
		return segment;
	});
}
// src/input/json-schema/link.ts
function linkForLibrary(schemas, references) {
	const targets = [];
	for (const schema of schemas) {
		const links = REFERENCE_KEYWORDS.filter((keyword) => schema[keyword] !== void 0).map((keyword) => {
			const $ref = String(targets.push(references.find(schema, String(schema[keyword]))) - 1);
			delete schema[keyword];
			return { $ref };
		});
		if (links.length > 0) schema.allOf = [...schema.allOf ?? [], ...links];
		if (isRecord(schema.properties)) schema.properties = constantsFirst(schema.properties);
	}
	return Object.fromEntries(targets.entries());
}
function constantsFirst(properties) {
	const isConstant = (one) => Number(isRecord(one) && ("const" in one || "enum" in one));
	const entries = Object.entries(properties);
	return Object.fromEntries(entries.toSorted(([, one], [, other]) => isConstant(other) - isConstant(one)));
}
// src/input/json-schema/loops.ts
const IN_PLACE = /* @__PURE__ */ new Set([
	"allOf",
	"anyOf",
	"oneOf",
	"not",
	"if",
	"then",
	"else",
	"dependentSchemas"
]);
function refuseLoops(root, references) {
	const done = /* @__PURE__ */ new Set();
	const walk = (schema, pointer, trail) => {
		if (!isRecord(schema) || done.has(schema) && !trail.has(schema)) return;
		if (trail.has(schema)) throw new MalformedSchema(pointer, "leads back to itself without descending into the value");
		done.add(schema);
		trail.add(schema);
		for (const { schema: inner, keyword, pointer: step } of subschemas(schema)) walk(inner, pointer + step, IN_PLACE.has(keyword) ? trail : /* @__PURE__ */ new Set());
		for (const name of REFERENCE_KEYWORDS) {
			const ref = schema[name];
			if (ref !== void 0) walk(references.find(schema, String(ref)), `${pointer}/${name}`, trail);
		}
		trail.delete(schema);
	};
	walk(root, "", /* @__PURE__ */ new Set());
}
// src/input/json-schema/validator.ts
const MAX_SUSPECTS = 3;
var JsonSchemaValidator = class {
	#schema;
	#limitMs;
	#lookup;
	#suspects;
	constructor(schema, limitMs) {
		this.#schema = schema;
		this.#limitMs = limitMs;
		const references = new References(schema);
		const schemas = checkForm(schema, references);
		refuseLoops(schema, references);
		this.#suspects = [...schemas].flatMap(([one, pointer]) => suspectsIn(one, pointer));
		this.#lookup = linkForLibrary(schemas.keys(), references);
	}
	async validate(value) {
		const { validate } = await import("@cfworker/json-schema");
		let errors;
		const check = (untilFirst) => {
			errors = validate(value, this.#schema, "2020-12", this.#lookup, untilFirst).errors;
			return errors.length === 0;
		};
		try {
			withinTime(this.#limitMs, () => check(true) || check(false));
		} catch (error) {
			const why = this.#excuse(error);
			if (errors === void 0) return [{
				message: `can't be checked: ${why}`,
				path: []
			}];
		}
		return toIssues(errors ?? [], value);
	}
	#excuse(error) {
		if (error instanceof RangeError) return "it has too many errors, or the JSON Schema is nested too deeply";
		if (!(error instanceof TookTooLong)) throw error;
		const shown = this.#suspects.slice(0, MAX_SUSPECTS).join(", ");
		const more = this.#suspects.length > MAX_SUSPECTS ? ", …" : "";
		return `the JSON Schema ${error.message} (suspects: ${shown || "nested anyOf or oneOf"}${more})`;
	}
};
function suspectsIn(schema, pointer) {
	const { pattern, patternProperties, uniqueItems } = schema;
	return [
		...pattern === void 0 ? [] : [`${pointer}/pattern`],
		...Object.keys(patternProperties ?? {}).map((source) => {
			return `${pointer}/patternProperties${pointerPart(source)}`;
		}),
		...uniqueItems === true ? [`${pointer}/uniqueItems`] : []
	];
}
// src/input/schema.ts
function isStandardSchema(schema) {
	if (!isRecord(schema) && typeof schema !== "function") return false;
	return "~standard" in schema && isRecord(schema["~standard"]);
}
// src/input/sound-value.ts
const MAX_DEPTH$1 = 128;
function soundValue(value) {
	const waiting = [{
		value,
		depth: 0,
		key: "",
		holder: void 0
	}];
	let hasProto = false;
	for (let place = waiting.pop(); place !== void 0; place = waiting.pop()) {
		const fault = faultOf(place);
		if (fault !== void 0) return { issues: [{
			message: fault,
			path: pathOf(place)
		}] };
		if (typeof place.value !== "object" || place.value === null) continue;
		const isArray = Array.isArray(place.value);
		for (const [key, member] of Object.entries(place.value)) {
			if (key === "__proto__") hasProto = true;
			else if (hasLoneSurrogate(key)) return { issues: [surrogateKey(place)] };
			const inner = isArray ? Number(key) : key;
			waiting.push({
				value: member,
				depth: place.depth + 1,
				key: inner,
				holder: place
			});
		}
	}
	return { value: hasProto ? withoutProto(value) : value };
}
function faultOf({ value, depth }) {
	if (depth > MAX_DEPTH$1) return `is nested more than ${MAX_DEPTH$1} levels deep`;
	if (typeof value === "number" && !Number.isFinite(value)) return "is too large a number";
	if (typeof value === "string" && hasLoneSurrogate(value)) return "contains half of a character (a lone surrogate)";
}
function surrogateKey(place) {
	return {
		message: "has a key that contains half of a character (a lone surrogate)",
		path: pathOf(place)
	};
}
function hasLoneSurrogate(text) {
	return /\p{Surrogate}/u.test(text);
}
function pathOf({ key, holder }) {
	const path = [];
	for (let [at, up] = [key, holder]; up !== void 0; {key: at, holder: up} = up) path.unshift(at);
	return path;
}
function withoutProto(value) {
	return JSON.parse(JSON.stringify(value), (key, member) => key === "__proto__" ? void 0 : member);
}
// src/input/prepare-schema.ts
function prepareSchema(schema, name, options) {
	const { limitMs = CHECK_LIMIT_MS } = options;
	if (isStandardSchema(schema)) return {
		jsonSchema: convertSchema(schema, name, options),
		validate: (value) => {
			return validateSound(value, async (sound) => {
				return toValidated(await askLibrary(schema, sound, limitMs));
			});
		}
	};
	if (!isPlainObject(schema)) throw new TypeError(`${name} must be a JSON Schema object or a Standard Schema, got ${describe(schema)}`);
	const validator = compile(schema, name, limitMs);
	return {
		jsonSchema: schema,
		validate: (value) => {
			return validateSound(value, async (sound) => {
				const issues = await validator.validate(sound);
				return issues.length === 0 ? { value: sound } : { issues };
			});
		}
	};
}
async function validateSound(value, validate) {
	const sound = soundValue(value);
	return sound.issues === void 0 ? validate(sound.value) : sound;
}
function compile(schema, name, limitMs) {
	try {
		return new JsonSchemaValidator(JSON.parse(JSON.stringify(schema)), limitMs);
	} catch (cause) {
		const pointer = cause instanceof MalformedSchema ? cause.pointer : "";
		const what = `${pointer} ${messageOf(cause)}`.trim();
		throw new InvalidSchemaError(`${name} isn't a valid JSON Schema: ${what}`, pointer, { cause });
	}
}
function toValidated(result) {
	if (result.issues === void 0) return { value: result.value };
	return { issues: result.issues.map(({ message, path = [] }) => ({
		message,
		path: Array.from(path, (segment) => typeof segment === "object" ? segment.key : segment)
	})) };
}
// src/session/pending-request.ts
var RequestFields = class {
	id;
	kind;
	threadId;
	parentThreadId;
	turnId;
	entryId;
	title;
	detail;
	options;
	form;
	arrivedAt;
	#data;
	constructor(data) {
		this.id = data.id;
		this.kind = data.kind;
		this.threadId = data.threadId;
		this.parentThreadId = data.parentThreadId;
		this.turnId = data.turnId;
		this.entryId = data.entryId;
		this.title = data.title;
		this.detail = data.detail;
		this.options = data.options;
		this.form = data.form;
		this.arrivedAt = data.arrivedAt;
		this.#data = data;
	}
	toJSON() {
		return this.#data;
	}
};
var PendingRequest = class extends RequestFields {
	#answer;
	constructor(data, answer) {
		super(data);
		this.#answer = answer;
	}
	answer(optionId, content) {
		return this.#answer(optionId, content);
	}
};
// src/errors/warning-limit.ts
var WarningLimit = class {
	#each;
	#windowMs;
	#count = 0;
	#since = 0;
	constructor(each, windowMs = Number.POSITIVE_INFINITY) {
		this.#each = each;
		this.#windowMs = windowMs;
	}
	next(what) {
		const now = performance.now();
		if (now - this.#since > this.#windowMs) this.#count = 0;
		if (this.#count === 0) this.#since = now;
		const count = ++this.#count;
		if (count <= this.#each) return "";
		return Number.isInteger(Math.log2(count)) ? ` (${count} ${what} so far)` : void 0;
	}
};
// src/session/decisions.ts
const FILE_CHANGE = [
	"accept",
	"acceptForSession",
	"decline",
	"cancel"
];
const NAMES = {
	command: [
		...FILE_CHANGE,
		"acceptWithExecpolicyAmendment",
		"applyNetworkPolicyAmendment"
	],
	fileChange: FILE_CHANGE,
	permissions: ["accept", "decline"],
	mcpTool: [
		"accept",
		"decline",
		"cancel"
	]
};
const NARROWER = {
	acceptForSession: ["accept"],
	acceptWithExecpolicyAmendment: ["accept"],
	applyNetworkPolicyAmendment: ["accept"],
	cancel: ["decline"]
};
function checkedDecision(kind, decided, available) {
	const offered = offeredNames(available);
	const name = nameOf(kind, decided);
	if (name === void 0) return {
		decision: "decline",
		fault: `isn't a decision; the valid ones are ${listed(offered ?? NAMES[kind])}`
	};
	if (offered === void 0 || name === "decline" || offered.includes(name)) return { decision: decided };
	const narrower = NARROWER[name]?.find((one) => offered.includes(one));
	if (narrower !== void 0) return { decision: narrower };
	return {
		decision: "decline",
		fault: `isn't offered by this request, which offers ${listed(offered)}`
	};
}
function listed(names) {
	if (names.length === 0) return "nothing";
	return quoteForeign(names.map((name) => `"${name}"`).join(", "));
}
function nameOf(kind, decided) {
	const names = NAMES[kind];
	if (typeof decided === "string") return names.includes(decided) ? decided : void 0;
	if (!isRecord(decided)) return void 0;
	if (kind === "permissions") return isRecord(decided.permissions) ? "accept" : void 0;
	const [key, ...more] = Object.keys(decided);
	if (key === void 0 || more.length > 0 || !isRecord(decided[key])) return void 0;
	return isAmendment(key) && names.includes(key) ? key : void 0;
}
function offeredNames(available) {
	if (available === void 0 || available === null) return void 0;
	if (!Array.isArray(available)) return [];
	return available.flatMap((one) => typeof one === "string" ? [one] : Object.keys(Object(one)).filter(isAmendment).slice(0, 1));
}
function isAmendment(name) {
	return name.endsWith("Amendment");
}
// src/session/approvals.ts
const APPROVAL_KINDS = [
	"command",
	"fileChange",
	"permissions",
	"mcpTool"
];
function approvalKind({ method }, { item }) {
	switch (method) {
		case "item/commandExecution/requestApproval":
		case "execCommandApproval": return "command";
		case "item/fileChange/requestApproval":
		case "applyPatchApproval": return "fileChange";
		case "item/permissions/requestApproval": return "permissions";
		case "mcpServer/elicitation/request": return item?.type === "mcpToolCall" ? "mcpTool" : void 0;
		default: return;
	}
}
async function answerApproval(approvals, kind, request, context) {
	const rule = typeof approvals === "string" ? approvals : approvals?.[kind];
	const decided = typeof rule === "function" ? await rule(request.params, context) : rule ?? "decline";
	if (decided === "ask") return "ask";
	const { decision, fault } = checkedDecision(kind, decided, isRecord(request.params) ? request.params.availableDecisions : void 0);
	return {
		result: wireAnswer(request, decision),
		isDefault: rule === void 0,
		fault: fault && `The rule approvals.${kind} returned ${describe(decided)}, which ${fault}`
	};
}
function wireAnswer({ method, params }, decision) {
	switch (method) {
		case "execCommandApproval":
		case "applyPatchApproval": return { decision: reviewDecision(decision) };
		case "item/permissions/requestApproval": return permissionsAnswer(params, decision);
		case "mcpServer/elicitation/request": return {
			action: decision === "accept" ? "accept" : "decline",
			content: null,
			_meta: null
		};
		default: return { decision };
	}
}
function reviewDecision(decision) {
	switch (decision) {
		case "accept": return "approved";
		case "acceptForSession": return "approved_for_session";
		case "cancel": return "abort";
		default: return amendmentDecision(decision) ?? { denied: { rejection: "The user declined." } };
	}
}
function amendmentDecision(decision) {
	if (!isRecord(decision)) return void 0;
	const { acceptWithExecpolicyAmendment: policy, applyNetworkPolicyAmendment: network } = decision;
	if (isRecord(policy)) {
		const { execpolicy_amendment } = policy;
		return { approved_execpolicy_amendment: { proposed_execpolicy_amendment: execpolicy_amendment } };
	}
	if (isRecord(network)) return { network_policy_amendment: network };
}
function permissionsAnswer({ permissions }, decision) {
	if (typeof decision !== "string") return decision;
	const granted = {};
	if (decision === "accept") {
		if (permissions.network) granted.network = permissions.network;
		if (permissions.fileSystem) granted.fileSystem = permissions.fileSystem;
	}
	return {
		permissions: granted,
		scope: "turn"
	};
}
// src/session/copy-members.ts
function copyMembers(object) {
	const members = /* @__PURE__ */ new Map();
	for (let one = object; one && one !== Object.prototype; one = prototypeOf(one)) for (const name of Object.getOwnPropertyNames(one)) {
		if (members.has(name) || name === "constructor") continue;
		const value = Reflect.get(object, name);
		if (value === void 0) continue;
		members.set(name, typeof value === "function" ? value.bind(object) : value);
	}
	return members;
}
function prototypeOf(object) {
	return Object.getPrototypeOf(object);
}
// src/util/backoff.ts
const BACKOFF_CHECKS = {
	initialDelayMs: milliseconds,
	maxDelayMs: milliseconds,
	jitterRatio: ratio
};
function backoffOf(options, defaults) {
	return {
		initialDelayMs: options.initialDelayMs ?? defaults.initialDelayMs,
		maxDelayMs: options.maxDelayMs ?? defaults.maxDelayMs,
		jitterRatio: options.jitterRatio ?? defaults.jitterRatio
	};
}
function backoffDelay(attempt, backoff) {
	const { initialDelayMs, maxDelayMs, jitterRatio } = backoff;
	const base = Math.min(initialDelayMs * 2 ** (attempt - 1), maxDelayMs);
	return base + base * jitterRatio * (2 * Math.random() - 1);
}
// src/errors/retry.ts
const RETRY_CHECKS = {
	maxAttempts: wholeFrom(1),
	...BACKOFF_CHECKS,
	signal
};
async function retryOnOverload(operation, options = {}) {
	requireOptions("retryOnOverload", options, RETRY_CHECKS);
	return await repeatWhile(isRetryableError, operation, options);
}
async function repeatWhile(retryIf, operation, options = {}) {
	const { maxAttempts = 3, initialDelayMs = 250, maxDelayMs = 2e3, jitterRatio = .2 } = options;
	const { signal, pause = delay } = options;
	for (let attempt = 1;; attempt++) {
		signal?.throwIfAborted();
		try {
			return await operation();
		} catch (error) {
			if (attempt >= maxAttempts || !retryIf(error)) throw error;
		}
		await pause(backoffDelay(attempt, {
			initialDelayMs,
			maxDelayMs,
			jitterRatio
		}), signal);
	}
}
function isRetryableError(error) {
	if (error instanceof RetryLimitExceededError) return false;
	if (error instanceof ServerBusyError) return true;
	if (error instanceof JsonRpcError) return saysOverloaded(error.data);
	const { error: turnError } = error ?? {};
	return saysOverloaded(turnError?.codexErrorInfo);
}
function isServerBusy(error) {
	return error instanceof ServerBusyError && error.rpcCode === -32001 && isRetryableError(error);
}
// src/trace/options.ts
const TRACE_VARIABLE = "CODEX_APP_SERVER_TRACE";
const DEFAULT_MAX_BYTES = 256 * 2 ** 20;
const checkShape = shape({
	path: nonEmpty,
	maxBytes: wholeFrom(65536)
});
const traceCheck = (value) => {
	if (typeof value === "string") return nonEmpty(value);
	if (!isObject(value)) return ` must be a path or an object with one, not ${typeof value}`;
	return checkShape(value) ?? ("path" in value ? void 0 : " has no path");
};
function traceOptions(given, env = process.env) {
	const chosen = given ?? env["CODEX_APP_SERVER_TRACE"];
	if (chosen === void 0 || chosen === "") return void 0;
	return typeof chosen === "string" ? { path: chosen } : chosen;
}
// src/transport/message-limit.ts
const DEFAULT_MAX_MESSAGE_BYTES = 256 * 2 ** 20;
const LARGEST = Math.min(511 * 2 ** 20, constants.MAX_STRING_LENGTH);
const messageBytes = is(`a whole number of bytes from 1 to ${LARGEST}`, (value) => Number.isSafeInteger(value) && Number(value) >= 1 && Number(value) <= LARGEST);
const MAX_HANDSHAKE_BYTES = 2 ** 20;
function watchHandshake(stream, exceeded) {
	let bytes = 0;
	const stop = () => void stream.off("data", count);
	const count = (chunk) => {
		bytes += chunk.length;
		if (bytes <= MAX_HANDSHAKE_BYTES) return;
		stop();
		exceeded();
	};
	stream.on("data", count);
	return stop;
}
function tooLarge(name, maxBytes) {
	return `The app-server (${name}) sent a message of more than ${maxBytes} bytes. The connection was closed; the option maxMessageBytes sets the limit`;
}
function tooMuchTooEarly(name) {
	return `The app-server (${name}) sent more than ${MAX_HANDSHAKE_BYTES} bytes before it answered initialize. The connection was closed. Is this a Codex app-server?`;
}
// src/process/launch-options.ts
const LAUNCH_CHECKS = {
	codexBin: nonEmpty,
	config: object,
	configOverrides: strings,
	cwd: nonEmpty,
	env: variables
};
// src/session/recovery-policy.ts
const RECONNECT_CHECKS = {
	maxAttempts: wholeFrom(1),
	...BACKOFF_CHECKS,
	signal
};
const RESTART_CHECKS = {
	maxRestarts: wholeFrom(0),
	withinMs: milliseconds,
	...BACKOFF_CHECKS,
	signal
};
const RECONNECT_BACKOFF = {
	initialDelayMs: 50,
	maxDelayMs: 5e3,
	jitterRatio: .2
};
const RESTART_BACKOFF = {
	initialDelayMs: 100,
	maxDelayMs: 5e3,
	jitterRatio: .2
};
function reconnectPolicy(options = {}) {
	const { maxAttempts = 20, signal } = options;
	const backoff = backoffOf(options, RECONNECT_BACKOFF);
	return {
		signal,
		gaveUp: (attempts) => `Reconnecting failed after ${attempts} attempts`,
		delayBefore: (attempt) => attempt > maxAttempts ? void 0 : backoffDelay(attempt, backoff)
	};
}
function restartPolicy(options = {}) {
	const { maxRestarts = 3, withinMs = 6e4, signal } = options;
	const backoff = backoffOf(options, RESTART_BACKOFF);
	let restarts = [];
	return {
		signal,
		gaveUp: () => `The server was restarted ${maxRestarts} times within ${withinMs} ms and is not restarted again`,
		delayBefore: (attempt) => {
			const now = performance.now();
			restarts = restarts.filter((time) => now - time < withinMs);
			if (restarts.length >= maxRestarts) return void 0;
			restarts.push(now);
			return backoffDelay(attempt, backoff);
		}
	};
}
// src/client/check-options.ts
const CHECKS = {
	...LAUNCH_CHECKS,
	launchArgs: strings,
	apiKey: isThing("a non-empty string", (value) => typeof value === "string" && value !== ""),
	chatgptTokens: func,
	keepAlive: boolean,
	transport: isThing("an endpoint with a connect function", (value) => isObject(value) && "connect" in value && typeof value.connect === "function"),
	maxMessageBytes: messageBytes,
	clientName: nonEmpty,
	clientTitle: string,
	clientVersion: nonEmpty,
	experimentalApi: boolean,
	requestTimeoutMs: milliseconds,
	retryOnOverload: orBoolean(shape(RETRY_CHECKS)),
	reconnect: orBoolean(shape(RECONNECT_CHECKS)),
	restart: orBoolean(shape(RESTART_CHECKS)),
	turnIdleMs: milliseconds,
	modelRetryMs: milliseconds,
	approvals: checkApprovals,
	handlers: checkHandlers,
	trace: traceCheck,
	onWarning: func,
	signal
};
function checkOptions(options) {
	requireOptions("Codex", options, CHECKS);
	checkCredentials(options);
}
function checkCredentials(options) {
	const [credential, other] = CREDENTIALS.filter((name) => options[name] !== void 0);
	if (other !== void 0) throw new TypeError(`Codex: set ${credential} or ${other}, not both`);
	const foreign = ["transport", "launchArgs"].find((name) => options[name]);
	if (credential === void 0 || foreign === void 0) return;
	throw new TypeError(`Codex: ${credential} needs a server that this client starts, and ${foreign} is set. Log in with codex.account.login() instead; the server decides where it stores the credentials`);
}
const CREDENTIALS = ["apiKey", "chatgptTokens"];
const functions = members("a function", (value) => typeof value === "function");
function checkHandlers(value) {
	return functions(isObject(value) ? Object.fromEntries(copyMembers(value)) : value);
}
function checkApprovals(value) {
	if (isAnswer(value)) return void 0;
	if (!isObject(value)) return ` must be "accept", "decline", "ask" or an object of rules, not ${show(value)}`;
	const kinds = [...APPROVAL_KINDS, "questions"];
	for (const [kind, rule] of copyMembers(value)) {
		if (!kinds.includes(kind)) return ` has no kind ${JSON.stringify(kind)}; the kinds are ${kinds.join(", ")}`;
		if (kind === "questions") {
			if (rule !== "ask") return `.questions must be "ask", not ${show(rule)}`;
		} else if (!isAnswer(rule) && typeof rule !== "function") return `.${kind} must be "accept", "decline", "ask" or a function, not ${show(rule)}`;
	}
}
function isAnswer(rule) {
	return rule === "accept" || rule === "decline" || rule === "ask";
}
// src/input/tool-name.ts
function checkToolName(name, what, maxLength) {
	if (typeof name !== "string" || !/^[a-zA-Z0-9_-]+$/.test(name)) throw new TypeError(`${what} must be letters, digits, "_" and "-", got ${describe(name)}`);
	if (name.length > maxLength) throw new TypeError(`${what} must have at most ${maxLength} characters, got ${name.length}: ${describe(name)}`);
	if (name === "mcp" || name.startsWith("mcp__")) throw new TypeError(`${what} "${name}" is reserved for MCP: choose another`);
}
// src/input/plain-value.ts
const MAX_DEPTH = 500;
function toPlain(value) {
	return convert(value, {
		path: "",
		above: []
	});
}
function bytesOf(value) {
	if (value instanceof ArrayBuffer) return Buffer.from(value);
	return value instanceof Uint8Array || value instanceof Uint8ClampedArray || value instanceof DataView || value instanceof Int8Array ? Buffer.from(value.buffer, value.byteOffset, value.byteLength) : void 0;
}
function convert(value, place) {
	if (typeof value === "bigint") return Number.isSafeInteger(Number(value)) ? Number(value) : String(value);
	if (typeof value === "number") return Number.isFinite(value) ? value : String(value);
	return typeof value === "object" && value !== null ? convertObject(value, place) : value;
}
function convertObject(value, place) {
	refuseUnusable(value, place);
	const above = [...place.above, value];
	const inner = (member, key) => {
		if (typeof member !== "object" || member === null) return convert(member, place);
		const step = typeof key === "number" ? `[${key}]` : `.${key}`;
		return convert(member, {
			path: place.path + step,
			above
		});
	};
	if (value instanceof Map) return ofMap(value, inner);
	if (value instanceof Set || ArrayBuffer.isView(value)) return ofList(value, inner);
	if (value instanceof Error) return {
		name: value.name,
		message: value.message,
		...ofMembers(value, inner)
	};
	if (value instanceof Date && Number.isNaN(value.getTime())) return String(value);
	if ("toJSON" in value && typeof value.toJSON === "function") return convert(value.toJSON(), {
		path: place.path,
		above
	});
	if (Array.isArray(value)) return ofList(value, inner);
	if (value instanceof Number || value instanceof String || value instanceof Boolean) return value.valueOf();
	const members = ofMembers(value, inner);
	if (!isPlainObject(value) && Object.keys(members).length === 0) throw unusable(place, `is ${describe(value)}, which JSON can't represent: return plain data`);
	return members;
}
function refuseUnusable(value, place) {
	if (place.above.includes(value)) throw unusable(place, "contains itself, and JSON has no cycles");
	if (place.above.length >= MAX_DEPTH) throw unusable(place, `is nested more than ${MAX_DEPTH} levels deep`);
	if (bytesOf(value)) throw unusable(place, `is ${describe(value)}: return an image's bytes alone or in a list, and other bytes as text, in base64 for example`);
}
function ofMap(map, inner) {
	const entries = [...map];
	if (!entries.every(([key]) => typeof key === "string")) return ofList(entries, inner);
	return Object.fromEntries(entries.map(([key, member]) => [key, inner(member, String(key))]));
}
function ofList(items, inner) {
	return Array.from(items, inner);
}
function ofMembers(holder, inner) {
	return Object.fromEntries(Object.entries(holder).map(([key, member]) => [key, inner(member, key)]));
}
function unusable({ path }, what) {
	return /* @__PURE__ */ new TypeError(`${path === "" ? "its result" : `${path} in its result`} ${what}`);
}
// src/input/tool-result.ts
var UnusableResult = class extends TypeError {
	name = "UnusableResult";
};
const MAX_RESULT_BYTES = 6e7;
const MAX_BYTES_PER_CHAR = 6;
const BYTES_PER_ITEM = 60;
const CONTENT_FIELDS = {
	inputText: "text",
	inputImage: "imageUrl",
	inputAudio: "audioUrl"
};
function toolSuccess(result) {
	if (result instanceof Error) throw result;
	const response = {
		success: true,
		contentItems: toContentItems(result)
	};
	checkSize(response);
	return response;
}
function toolFailure(text) {
	return {
		success: false,
		contentItems: [{
			type: "inputText",
			text
		}]
	};
}
function checkResponse(response) {
	const { success, contentItems } = response ?? {};
	if (typeof success !== "boolean" || !contentItems?.every(isContentItem)) throw new UnusableResult("its call returned no { success, contentItems }");
	checkSize(response);
}
function checkSize({ contentItems }) {
	const size = sizeOf(contentItems);
	if (size <= MAX_RESULT_BYTES) return;
	throw new UnusableResult(`its result has ${size} bytes, and the server accepts at most ${MAX_RESULT_BYTES}: return less, or write it to a file and return the path`);
}
async function checkMedia({ contentItems }) {
	for (const item of contentItems) {
		if (item.type === "inputText") continue;
		const [kind, url] = item.type === "inputImage" ? ["image", item.imageUrl] : ["audio", item.audioUrl];
		const fault = await mediaUrlFault(kind, url);
		if (fault !== void 0) throw new UnusableResult(`the ${kind} in its result ${fault}`);
	}
}
function toContentItems(result) {
	if (result === void 0) return [{
		type: "inputText",
		text: ""
	}];
	const item = toContentItem(result);
	if (item) return [item];
	if (Array.isArray(result) && result.some((one) => typeof one !== "string")) {
		const items = result.map(toContentItem);
		if (items.length > 0 && items.every((one) => one !== void 0)) return items;
	}
	return [{
		type: "inputText",
		text: toJson(result)
	}];
}
function toContentItem(value) {
	if (typeof value === "string") return {
		type: "inputText",
		text: value
	};
	if (isContentItem(value)) return value;
	const bytes = bytesOf(value);
	const mediaType = bytes && imageTypeOf(bytes);
	if (bytes === void 0 || mediaType === void 0) return void 0;
	return {
		type: "inputImage",
		imageUrl: `data:${mediaType};base64,${bytes.toString("base64")}`
	};
}
function toJson(value) {
	let json;
	try {
		json = JSON.stringify(toPlain(value));
	} catch (cause) {
		throw new UnusableResult(cause instanceof RangeError ? "its result is too large for JSON" : messageOf(cause), { cause });
	}
	if (json === void 0) throw new UnusableResult(`its result is ${describe(value)}, which JSON can't represent`);
	return json;
}
function isContentItem(value) {
	if (!isRecord(value)) return false;
	const field = Object.entries(CONTENT_FIELDS).find(([type]) => type === value.type)?.[1];
	return field !== void 0 && typeof value[field] === "string";
}
function sizeOf(items) {
	const chars = items.reduce((sum, item) => {
		const { [CONTENT_FIELDS[item.type]]: text } = item;
		return sum + BYTES_PER_ITEM + (text?.length ?? 0);
	}, 0);
	if (chars > MAX_RESULT_BYTES || chars * MAX_BYTES_PER_CHAR <= MAX_RESULT_BYTES) return chars;
	return Buffer.byteLength(JSON.stringify(items));
}
// src/client/options.ts
const DEFAULT_RETRY = { maxAttempts: 8 };
const EACH = 100;
const WINDOW_MS = 6e4;
function warnerOf({ onWarning = emitWarning }) {
	const limits = /* @__PURE__ */ new Map();
	return (warning) => {
		const limit = limits.get(warning.code) ?? new WarningLimit(EACH, WINDOW_MS);
		limits.set(warning.code, limit);
		const howMany = limit.next(`warnings with the code ${warning.code}`);
		if (howMany === void 0) return;
		if (howMany !== "") warning.message += howMany;
		const failed = (cause) => {
			emitWarning(warning);
			const message = `The option onWarning threw: ${messageOf(cause)}`;
			emitWarning(new CodexWarning("LISTENER_FAILED", message, { cause }));
		};
		try {
			const result = onWarning(warning);
			if (result instanceof Promise) result.catch(failed);
		} catch (cause) {
			failed(cause);
		}
	};
}
function emitWarning(warning) {
	const { message, name: type, code } = warning;
	try {
		process.emitWarning(warning, { code });
	} catch {
		process.emitWarning(message, {
			type,
			code
		});
	}
}
function identity(options) {
	return {
		name: options.clientName ?? "codex-app-server",
		title: options.clientTitle ?? options.clientName ?? "codex-app-server for TypeScript",
		version: options.clientVersion ?? "0.1.0",
		experimentalApi: options.experimentalApi ?? true
	};
}
function recoveryPolicy(endpoint, { reconnect, restart }) {
	if (endpoint.outlivesTransport) return reconnect === false ? void 0 : reconnectPolicy(objectOf(reconnect));
	return restart ? restartPolicy(objectOf(restart)) : void 0;
}
function overloadRetry({ retryOnOverload }) {
	if (retryOnOverload === false) return false;
	return objectOf(retryOnOverload) ?? DEFAULT_RETRY;
}
function objectOf(given) {
	return typeof given === "object" ? given : void 0;
}
export { WarningLimit as A, InvalidAnswerError as B, repeatWhile as C, APPROVAL_KINDS as D, copyMembers as E, isStandardSchema as F, UnknownRequestError as H, checkStrict as I, askLibrary as L, RequestFields as M, prepareSchema as N, answerApproval as O, soundValue as P, CHECK_LIMIT_MS as R, isServerBusy as S, backoffDelay as T, request_errors_exports as U, RequestSettledError as V, Listeners as W, watchHandshake as _, UnusableResult as a, traceOptions as b, toolFailure as c, checkOptions as d, LAUNCH_CHECKS as f, tooMuchTooEarly as g, tooLarge as h, warnerOf as i, PendingRequest as j, approvalKind as k, toolSuccess as l, messageBytes as m, overloadRetry as n, checkMedia as o, DEFAULT_MAX_MESSAGE_BYTES as p, recoveryPolicy as r, checkResponse as s, identity as t, checkToolName as u, DEFAULT_MAX_BYTES as v, retryOnOverload as w, isRetryableError as x, TRACE_VARIABLE as y, withinTime as z };

//# sourceMappingURL=options-DLYssPXW.js.map