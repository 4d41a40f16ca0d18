import assert from "node:assert/strict";
import { join } from "node:path";
import { hubCacheFolder, hubEndpoint, isOffline, tokenFile } from "../../lib/hub/locations.ts";

function environment(variables: Readonly<Record<string, string>>) {
  const values = new Map(Object.entries(variables));
  return (name: string) => values.get(name);
}

Deno.test("hubCacheFolder() takes the first variable that is set, as Python does", () => {
  const all = { HF_HUB_CACHE: "/own", HF_HOME: "/hf", XDG_CACHE_HOME: "/xdg", HOME: "/me" };
  for (
    const [variables, folder] of [
      [all, "/own"],
      [{ ...all, HF_HUB_CACHE: "" }, join("/hf", "hub")],
      [{ XDG_CACHE_HOME: "/xdg", HOME: "/me" }, join("/xdg", "huggingface", "hub")],
      [{ HOME: "/me" }, join("/me", ".cache", "huggingface", "hub")],
      [{ USERPROFILE: "/me" }, join("/me", ".cache", "huggingface", "hub")],
      [{ HF_HOME: "~/hf", HOME: "/me" }, join("/me", "hf", "hub")],
    ] as const
  ) {
    assert.equal(hubCacheFolder(environment(variables)), folder);
  }
  assert.throws(() => hubCacheFolder(environment({})), /set HF_HOME to a folder$/);
});

Deno.test("tokenFile() expands a home folder", () => {
  assert.equal(tokenFile(environment({ HF_TOKEN_PATH: "~/t", HOME: "/me" })), join("/me", "t"));
});

Deno.test("hubEndpoint() takes HF_ENDPOINT with its path and without a slash at the end", () => {
  assert.equal(hubEndpoint(environment({})), "https://huggingface.co");
  assert.equal(
    hubEndpoint(environment({ HF_ENDPOINT: "https://mirror.example.org/api/hf/" })),
    "https://mirror.example.org/api/hf",
  );
  for (const HF_ENDPOINT of ["mirror", "ftp://mirror", "https://me:secret@mirror"]) {
    assert.throws(() => hubEndpoint(environment({ HF_ENDPOINT })), (error: Error) => {
      return error.name === "UsageError" && !error.message.includes("secret");
    });
  }
});

Deno.test("isOffline() takes the words that Python takes", () => {
  for (
    const [HF_HUB_OFFLINE, offline] of [["1", true], ["True", true], ["0", false], ["", false]]
  ) {
    assert.equal(isOffline(environment({ HF_HUB_OFFLINE: String(HF_HUB_OFFLINE) })), offline);
  }
});
