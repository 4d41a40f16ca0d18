/** Brings one file here as a process of its own, and writes out its text. */
import { openRepository } from "../../lib/hub/open_repository.ts";

const [id = "", name = ""] = Deno.args;
const repository = await openRepository({ type: "model", id });
console.log(await Deno.readTextFile(await repository.file(name)));
