/** The smallest agent: one question to whatever speaks OpenAI's chat at MODEL_URL. No package, so that any image runs it. */
const response = await fetch(`${process.env["MODEL_URL"]}/chat/completions`, {
  method: "POST",
  headers: { "content-type": "application/json" },
  body: JSON.stringify({
    model: "gpt-5-mini",
    messages: [{ role: "user", content: "Hello from a container!" }],
  }),
});
if (!response.ok) throw new Error(`${response.status} ${await response.text()}`);
const { choices } = (await response.json()) as { choices: { message: { content: string } }[] };
process.stdout.write(`${choices[0]?.message.content}\n`);
