// Tools that the model calls and this program runs, with arguments typed by a schema.
import { Codex, tool } from "codex-app-server";
import { z } from "zod";

const stock = new Map([
  ["apple", 3],
  ["pear", 0],
]);

const countStock = tool({
  name: "count_stock",
  description: "How many of a fruit are in stock.",
  input: z.object({ fruit: z.string() }),
  execute: ({ fruit }) => {
    const count = stock.get(fruit);
    // The model receives a tool's error message, and can try something else.
    if (count === undefined) throw new Error(`There is no ${fruit} here`);
    return { fruit, count };
  },
});

const order = tool({
  name: "order",
  description: "Orders fruit from the farm.",
  input: z.object({ fruit: z.string(), amount: z.int().positive() }),
  execute: async ({ fruit, amount }, { signal }) => {
    signal.throwIfAborted();
    stock.set(fruit, (stock.get(fruit) ?? 0) + amount);
    return `Ordered ${amount} of ${fruit}.`;
  },
});

await using codex = new Codex();
const thread = await codex.threadStart({ tools: [countStock, order] });
const { text, items } = await thread.run("Order pears so that we have as many of them as apples.");

for (const item of items) {
  if (item.type !== "dynamicToolCall") continue;
  console.log(`${item.tool} ${JSON.stringify(item.arguments)}: ${item.status}`);
}
console.log(text);
console.log(`Pears in stock: ${stock.get("pear")}`);
