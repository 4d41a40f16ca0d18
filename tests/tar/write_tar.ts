/** Writes tars for tests, right ones and wrong ones, header by header. */

/** A member to write. */
export interface WrittenMember {
  readonly name: string;
  readonly content?: Uint8Array | string;
  /** @default {"0"} */
  readonly type?: string;
  /** How its name and size are written. @default {"ustar"} */
  readonly format?: "ustar" | "pax" | "gnu" | "binary size";
}

/** Two blocks of zeros. */
export const END: Uint8Array = new Uint8Array(1024);

const encoder = new TextEncoder();

/** A whole tar. */
export function tarOf(members: readonly WrittenMember[]): Uint8Array<ArrayBuffer> {
  return joined([...members.map(writeMember), END]);
}

/** A member as it lies in a tar: what comes before its header, header, content, filled blocks. */
export function writeMember(member: WrittenMember): Uint8Array {
  const { name, content = "", type = "0", format = "ustar" } = member;
  const bytes = typeof content === "string" ? encoder.encode(content) : content;
  const own = (options: HeaderOptions) => joined([headerOf(options), filled(bytes)]);
  const size = bytes.length;
  switch (format) {
    case "ustar":
      return own({ name, size, type });
    case "binary size":
      return own({ name, size, type, hasBinarySize: true });
    case "gnu":
      return joined([
        special("L", encoder.encode(`${name}\0`)),
        own({ name: "short", size, type }),
      ]);
    case "pax": {
      const records = encoder.encode(paxRecord("path", name) + paxRecord("size", String(size)));
      // Only the records tell the size of a file that octal digits have no room for.
      return joined([special("x", records), own({ name: "short", size: 0, type })]);
    }
  }
}

/** `<length> <field>=<value>\n`, the length counted in bytes and with its own digits. */
export function paxRecord(field: string, value: string): string {
  const rest = encoder.encode(` ${field}=${value}\n`).length;
  let length = rest;
  while (rest + String(length).length !== length) length = rest + String(length).length;
  return `${length} ${field}=${value}\n`;
}

/** An extension of the member after it. */
export function special(type: string, content: Uint8Array): Uint8Array {
  return joined([headerOf({ name: "special", size: content.length, type }), filled(content)]);
}

/** What a header says. */
export interface HeaderOptions {
  readonly name: string;
  readonly size: number;
  readonly type: string;
  readonly hasBinarySize?: boolean;
}

/** A header by itself; names have up to 100 bytes. */
export function headerOf(options: HeaderOptions): Uint8Array {
  const block = new Uint8Array(512);
  const put = (at: number, text: string) => block.set(encoder.encode(text), at);
  put(0, options.name);
  put(100, "0000644\0");
  if (options.hasBinarySize) {
    new DataView(block.buffer).setBigUint64(128, BigInt(options.size));
    block[124] = 0x80;
  } else put(124, `${options.size.toString(8).padStart(11, "0")}\0`);
  put(148, "        ");
  put(156, options.type);
  put(257, "ustar\x0000");
  put(148, `${block.reduce((sum, byte) => sum + byte, 0).toString(8).padStart(6, "0")}\0 `);
  return block;
}

/** Bytes one after the other. */
export function joined(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    whole.set(part, offset);
    offset += part.length;
  }
  return whole;
}

function filled(bytes: Uint8Array): Uint8Array {
  const whole = new Uint8Array(Math.ceil(bytes.length / 512) * 512);
  whole.set(bytes);
  return whole;
}
