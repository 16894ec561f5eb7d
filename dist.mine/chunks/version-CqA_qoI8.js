// src/version.ts
const version = "0.1.0";
export { version as t };

//# sourceMappingURL=version-CqA_qoI8.js.map