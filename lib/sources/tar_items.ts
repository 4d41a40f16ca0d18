/**
 * From a tar on this machine to the items of a source.
 *
 * @module
 */
import { listMembers } from "../tar/members.ts";
import { FileWindow, type TarBytes } from "../tar/window.ts";
import { FieldError } from "./fields.ts";
import { readRowFields } from "./row_fields.ts";
import { matchesFilters } from "./row_filter.ts";
import type { RowMapping } from "./row_mapping.ts";
import type { SourceItem } from "./source.ts";
import { ANY_AUDIO } from "./tar_columns.ts";
import { groupMembers, type KeyedMember, type TarGroup } from "./tar_groups.ts";
import { isAudio, isDescription, readValues } from "./tar_row.ts";

/** A tar as it can be read by range. */
export interface LocalTar {
  /** How places call it. */
  readonly label: string;
  /** What the user knows it by: a path, or an address without its query. */
  readonly name: string;
  /** Absolute path of the tar, unpacked. */
  readonly path: string;
  /** What is wrong with the file that it was unpacked from; null for nothing. */
  readonly problem: string | null;
}

/** Lists the samples of one tar. Contents are not read but those of texts and JSON. */
export function* listTar(
  tar: LocalTar,
  mapping: RowMapping,
): Generator<SourceItem, void, void> {
  using bytes = new FileWindow(tar.path);
  let isProblemTold = tar.problem === null;
  for (const group of groupMembers(listMembers(bytes))) {
    if (group.kind === "group") yield itemOf(group.key, group.members, { tar, mapping, bytes });
    else {
      yield damageItem(tar, group);
      isProblemTold ||= group.isEnd;
    }
  }
  if (!isProblemTold) {
    yield { kind: "reject", id: null, place: tar.label, detail: tar.problem ?? "" };
  }
}

function damageItem(
  { label, problem }: LocalTar,
  { byte, key, detail, isEnd }: Extract<TarGroup, { kind: "damage" }>,
): SourceItem {
  const cause = isEnd && problem !== null ? `${problem}: ` : "";
  return { kind: "reject", id: key, place: `${label} at byte ${byte}`, detail: cause + detail };
}

interface Context {
  readonly tar: LocalTar;
  readonly mapping: RowMapping;
  readonly bytes: TarBytes;
}

function itemOf(id: string, members: readonly KeyedMember[], context: Context): SourceItem {
  const { tar, mapping } = context;
  const candidates = members.filter((member) => isWanted(member, mapping));
  const [audio = null] = candidates;
  const place = `${tar.label}:${(audio ?? members[0])?.name ?? id}`;
  if (audio === null && !members.some(isDescription)) return { kind: "excluded", count: 1 };
  try {
    const values = readValues(members, context.bytes);
    const value = (column: string) => values.get(column);
    if (!matchesFilters(mapping.filters, value)) return { kind: "excluded", count: 1 };
    checkAudio(candidates, mapping);
    const row = { id, value, audio: { kind: audio === null ? "none" : "cell" } } as const;
    const fields = readRowFields(mapping, row);
    if (audio === null) return { kind: "sample", sample: { ...fields, audio: null, place } };
    const { offset, size, name } = audio;
    const part = { kind: "range", offset, size, name } as const;
    return { kind: "sample", sample: { ...fields, audio: tar.path, part, place } };
  } catch (error) {
    if (!(error instanceof FieldError)) throw error;
    return { kind: "reject", id: error.id ?? id, place, detail: error.message };
  }
}

/** Whether a member is the audio that is asked for: the extension named for it, or any. */
function isWanted(member: KeyedMember, { audio }: RowMapping): boolean {
  if (audio === null) return false;
  return audio.name === ANY_AUDIO ? isAudio(member) : member.extension === audio.name;
}

function checkAudio(members: readonly KeyedMember[], { audio }: RowMapping): void {
  const [first, second] = members;
  if (first === undefined) {
    if (audio === null || audio.name === ANY_AUDIO) return;
    throw new FieldError(`it has no '.${audio.name}'`, null);
  }
  if (second !== undefined) {
    const advice = first.extension === second.extension
      ? ""
      : `: name one, such as columns: {audio: ${first.extension}}`;
    throw new FieldError(
      `it has more than one audio file, '${first.name}' and '${second.name}'${advice}`,
      null,
    );
  }
  if (first.name.includes("\ufffd")) throw new FieldError("its name is not valid UTF-8", null);
  if (first.kind === "link") throw new FieldError(`'${first.name}' is a link, not a file`, null);
  if (first.kind === "sparse") {
    throw new FieldError(`'${first.name}' is stored as a sparse file: write it whole`, null);
  }
}
