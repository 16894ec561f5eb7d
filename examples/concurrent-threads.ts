// Many threads at once, on one server. Turns of one thread run one at a time.
import { Codex } from "codex-app-server";

const questions = [
  "What is the capital of France?",
  "What is the capital of Japan?",
  "What is the capital of Kenya?",
];

await using codex = new Codex();

async function ask(question: string): Promise<string> {
  const thread = await codex.threadStart({ ephemeral: true });
  const { text } = await thread.run(question);
  return text;
}

// The first calls race; the server is started once.
const answers = await Promise.all(questions.map(ask));
questions.forEach((question, index) => {
  console.log(`${question} ${answers[index]}`);
});

// Two turns of one thread: the second starts automatically when the first has ended.
const thread = await codex.threadStart();
const [first, second] = await Promise.all([
  thread.run("Name a river."),
  thread.run("Name another one."),
]);
console.log(`${first.text}, then ${second.text}`);
