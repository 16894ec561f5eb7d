export { type InstrumentOptions, instrument } from "./instrument.js";
//# sourceMappingURL=index.d.ts.map