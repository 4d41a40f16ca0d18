/**
 * Files as they are after a reboot.
 *
 * @module
 */

/**
 * Drops files from the system's page cache, by `dd` of GNU coreutils.
 *
 * @returns Whether it worked; elsewhere than on Linux it does not.
 */
export async function dropFromPageCache(paths: readonly string[]): Promise<boolean> {
  for (const path of paths) {
    const args = [`of=${path}`, "oflag=nocache", "conv=notrunc,fdatasync", "count=0"];
    const command = new Deno.Command("dd", { args, stdout: "null", stderr: "null" });
    try {
      const { success } = await command.output();
      if (!success) return false;
    } catch {
      return false;
    }
  }
  return true;
}
