import { c as safeMessage } from "./describe-_qXpbH4d.js";
// src/errors/warning.ts
var CodexWarning = class extends Error {
	name = "CodexWarning";
	code;
	constructor(code, message, options) {
		super(safeMessage(message), options);
		this.code = code;
	}
};
export { CodexWarning as t };

//# sourceMappingURL=warning-DAp6LfHQ.js.map