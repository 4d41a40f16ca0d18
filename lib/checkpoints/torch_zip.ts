/**
 * What `torch.save` writes since version 1.6: a zip file with a pickle, `<root>/data.pkl`, and a
 * member for every storage, `<root>/data/<key>`.
 *
 * @module
 */
import type { ByteSource } from "./byte_source.ts";
import { ELEMENT_BYTES } from "./convert.ts";
import { CheckpointFault, damaged } from "./fault.ts";
import { LONGEST_PICKLE, unpickle } from "./pickle/unpickle.ts";
import type { StorageReference } from "./pickle/values.ts";
import { takeApart } from "./state_dict.ts";
import type { FoundTensors } from "./tensor_file.ts";
import { openZip } from "./zip/archive.ts";

const PICKLE = "data.pkl";

/**
 * Reads the pickle of a torch zip file and finds the storages that it refers to.
 *
 * @throws {CheckpointFault}
 */
export async function readTorchZip(source: ByteSource): Promise<FoundTensors> {
  const members = await openZip(source);
  const root = findRoot(members);
  await checkByteOrder(members.get(`${root}byteorder`));
  const pickle = await readPickle(members.get(`${root}${PICKLE}`));
  const { tensors, metadata } = takeApart(unpickle(pickle, 0).value);
  const found = [...tensors].map(([name, { storage: reference, offset, shape, strides }]) => {
    const storage = findStorage(members, root, reference);
    return { name, type: reference.type, shape, storage, offset, strides };
  });
  return { tensors: found, metadata };
}

/** The folder that holds all members, with its slash. */
function findRoot(members: ReadonlyMap<string, ByteSource>): string {
  const pickles = [...members.keys()].filter((name) => /^[^/]+\/data\.pkl$/.test(name));
  const [pickle] = pickles;
  if (pickle === undefined || pickles.length > 1) {
    const count = pickles.length === 0 ? "no" : "more than one";
    throw new CheckpointFault(`it is a zip file with ${count} '${PICKLE}', not one of torch.save`);
  }
  const root = pickle.slice(0, -PICKLE.length);
  if (members.has(`${root}constants.pkl`)) {
    throw new CheckpointFault(
      "it is a TorchScript program, which is never run; use the checkpoint with the weights alone",
    );
  }
  return root;
}

async function readPickle(member: ByteSource | undefined): Promise<Uint8Array> {
  if (member === undefined) throw damaged(`it lacks '${PICKLE}'`);
  if (member.size > LONGEST_PICKLE) {
    throw new CheckpointFault(
      `its pickle has ${member.size} bytes, and at most ${LONGEST_PICKLE} are read`,
    );
  }
  return await member.read(0, member.size);
}

/** Written since torch 2.1; before, files were little-endian as the machines were. */
async function checkByteOrder(member: ByteSource | undefined): Promise<void> {
  if (member === undefined) return;
  const order = new TextDecoder().decode(await member.read(0, Math.min(member.size, 16)));
  if (order !== "little") {
    throw new CheckpointFault(`its numbers are '${order}'-endian; save it on a usual machine`);
  }
}

function findStorage(
  members: ReadonlyMap<string, ByteSource>,
  root: string,
  { type, key, elements }: StorageReference,
): ByteSource {
  const name = `${root}data/${key}`;
  const member = members.get(name);
  if (member === undefined) throw damaged(`it lacks the storage '${name}'`);
  const bytes = elements * ELEMENT_BYTES[type];
  if (member.size !== bytes) {
    throw damaged(`the storage '${name}' has ${member.size} bytes, and ${bytes} are expected`);
  }
  return member;
}
