import {
  command,
  delay,
  failure,
  functionCall,
  type Hold,
  patch,
  type Reply,
  type Rule,
  text,
} from "codex-app-server/testing";

/** The scripted model's replies in each example: in order, or from a rule. */
export const scripts: Readonly<Record<string, Rule | readonly Reply[]>> = {
  quickstart: ["Hello, nice to meet you!"],

  streaming: [
    command("echo hi"),
    text(["It ", "printed ", "hi."], { delayMs: 30 }),
    text(["A mutex ", "lets one ", "in at a time."], { delayMs: 30 }),
  ],

  timeline: [
    patch("*** Begin Patch\n*** Add File: tea.txt\n+Leaves fall\n+in the cup\n*** End Patch\n"),
    command("wc -w < tea.txt"),
    text(["Five ", "words."], { delayMs: 30 }),
  ],

  "concurrent-threads": ({ userText }) =>
    [
      ["France", "Paris"],
      ["Japan", "Tokyo"],
      ["Kenya", "Nairobi"],
      ["another", "The Rhine"],
      ["river", "The Nile"],
    ].find(([word = ""]) => userText.includes(word))?.[1] ?? "I don't know",

  // It knows the password only if the history was sent.
  resume: ({ input, userText }) => {
    if (!userText.includes("What is")) return "Noted.";
    return /The password is (\w+)/.exec(JSON.stringify(input))?.[1] ?? "I don't know";
  },

  // It knows the name only if the user's own history was sent.
  pool: ({ input, userText }) => {
    if (!userText.includes("What is")) return "Hello!";
    return /My name is (\S+)\./.exec(JSON.stringify(input))?.[1] ?? "I don't know";
  },

  sync: [text(["Bonjour", ", ", "Paris"], { delayMs: 30 }), "Tokyo says hello."],

  "steer-and-interrupt": ({ userText }) =>
    userText.includes("goodbye") ? "Goodbye!" : text(counting()),

  approvals: [
    command("uname", { escalate: "to see the host" }),
    command("rm -rf build", { escalate: "to clean up" }),
    patch(
      "*** Begin Patch\n*** Add File: poem.txt\n+The wind asks; the reed bows.\n*** End Patch\n",
    ),
    "I saw the host and wrote the poem, but was not allowed to clean up.",
  ],

  "requests-as-data": [
    command("uname", { escalate: "to see the host" }),
    patch(
      "*** Begin Patch\n*** Add File: poem.txt\n+The wind asks; the reed bows.\n*** End Patch\n",
    ),
    functionCall("request_user_input", {
      questions: [
        {
          ...{ id: "colour", header: "Colour", question: "Which colour do you like?" },
          options: [
            { label: "Green", description: "like the reed" },
            { label: "Blue", description: "like the wind" },
          ],
        },
      ],
    }),
    "I saw the host, wrote no poem, and know your colour.",
  ],

  // After each message from the user: a command, a file change, and an answer.
  chat: ({ input }) => {
    const asked = input.findLastIndex(({ role }) => role === "user");
    const calls = input.slice(asked).filter(({ type }) => type.endsWith("_call_output"));
    const poem = "+The wind asks;\n+the reed bows.\n";
    const steps = [
      command("uname", { escalate: "to see the host" }),
      patch(`*** Begin Patch\n*** Add File: poem.txt\n${poem}*** End Patch\n`),
      text("I saw the host, and wrote a poem of two lines.".split(/(?<= )/), { delayMs: 60 }),
    ];
    return steps[calls.length] ?? "Done.";
  },

  // Two errors on the way: an unknown fruit, and an amount that isn't a number.
  tools: ({ outputs, lastOutput }) =>
    [
      functionCall("count_stock", { fruit: "apple" }),
      functionCall("count_stock", { fruit: "pears" }),
      functionCall("count_stock", { fruit: "pear" }),
      functionCall("order", { fruit: "pear", amount: "three" }),
      functionCall("order", { fruit: "pear", amount: 3 }),
    ][outputs.size] ?? `Done. ${lastOutput}`,

  "structured-output": [
    JSON.stringify({ title: "Tea", minutes: 5, steps: ["Boil water.", "Add leaves.", "Wait."] }),
    JSON.stringify({ colours: ["green", "black", "white"] }),
    JSON.stringify({ title: "Cold tea", minutes: 0, steps: [] }),
  ],

  images: ({ input }) => {
    const images = JSON.stringify(input).match(/"image_url":"[^"]+"/g) ?? [];
    const same = new Set(images).size === 1;
    return `I see ${images.length} images, and they are ${same ? "the same" : "not the same"}.`;
  },

  "review-bot": ({ userText }) => {
    const line = userText.includes("+  return a - b;") ? 2 : 0;
    const comments = [
      { path: "add.js", line, body: "This subtracts." },
      { path: "elsewhere.js", line: 1, body: "This file isn't in the change." },
    ];
    return JSON.stringify({ summary: "One fault.", comments });
  },

  batch: ({ userText, index }) =>
    index === 0 ? failure.serverOverloaded() : `${userText} has seven letters.`,

  ci: [command("cat README.md"), JSON.stringify({ upToDate: true, reasons: [] })],

  "returning-browser": ({ userText }) =>
    userText.includes("month")
      ? `The one after number ${Number(/\d+/.exec(userText)) - 1}.`
      : text(["One, ", "two, ", "three."], { delayMs: 30 }),

  "errors-and-retry": [
    failure.usageLimitExceeded(),
    failure.serverOverloaded(),
    "Hello!",
    text(counting()),
  ],

  "model-picker": ["Hello!"],

  account: [],

  "sub-agents": (request) => {
    const isHelper = JSON.stringify(request.headers["x-codex-turn-metadata"]).includes("/helper");
    if (request.userText.includes("million") || JSON.stringify(request.input).includes("million")) {
      return text(counting());
    }
    if (isHelper) return "1, 2, 3.";
    const inTeam = { namespace: "collaboration" };
    const steps = [
      functionCall("spawn_agent", { task_name: "helper", message: "Count to three." }, inTeam),
      functionCall("wait_agent", { timeout_ms: 10_000 }, inTeam),
    ];
    return steps[request.outputs.size] ?? "It counted to three.";
  },

  history: ({ input, userText }) => {
    const city = /Remember (\w+)/.exec(userText)?.[1];
    if (city !== undefined) return `Noted: ${city}.`;
    const cities = JSON.stringify(input).match(/(?<=Remember )\w+/g) ?? [];
    return `I remember ${[...new Set(cities)].join(" and ")}.`;
  },

  "goals-and-reviews": (request) => {
    const all = JSON.stringify(request.body);
    if (!all.includes("update_goal")) {
      const findings = { findings: [], overall_correctness: "patch is incorrect" };
      return JSON.stringify({
        ...findings,
        overall_explanation: "sum() subtracts.",
        overall_confidence_score: 1,
      });
    }
    return request.lastOutput === undefined
      ? functionCall("update_goal", { status: "complete" })
      : "sum() adds now.";
  },

  server: [],
};

/** Never ends: the reader has to steer, interrupt or give up. */
function* counting(): Generator<string | Hold> {
  for (let number = 1; ; number++) {
    yield `${number} `;
    yield delay(20);
  }
}
