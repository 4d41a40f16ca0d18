/** A worker program that prints into its log what it may see and do, and ends. */
function outcomeOf(action: () => unknown): string {
  try {
    action();
    return "allowed";
  } catch (error) {
    return error instanceof Error ? error.name : "refused";
  }
}

const facts = {
  environment: Deno.env.toObject(),
  args: Deno.args,
  net: outcomeOf(() => Deno.listen({ port: 0 }).close()),
  run: outcomeOf(() => new Deno.Command("true").outputSync()),
  write: outcomeOf(() => Deno.writeTextFileSync("/tmp/speechmill-never-written", "")),
  scratch: outcomeOf(() => {
    const folder = Deno.makeTempDirSync();
    Deno.writeTextFileSync(`${folder}/clip.flac`, "");
    Deno.removeSync(folder, { recursive: true });
  }),
  read: outcomeOf(() => Deno.statSync("/")),
};
console.error(JSON.stringify(facts));
