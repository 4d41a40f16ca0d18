/**
 * Members of a tar that make a sample together, as WebDataset has it: those that follow one
 * another and have one key.
 *
 * @module
 */
import type { TarItem, TarMember } from "../tar/members.ts";

/** A member and what it is of its sample. */
export interface KeyedMember extends TarMember {
  /** What follows the first dot of the file name, lower case: `flac`, `transcript.txt`. */
  readonly extension: string;
}

/** What a tar holds, sample by sample. */
export type TarGroup =
  | { readonly kind: "group"; readonly key: string; readonly members: readonly KeyedMember[] }
  | {
    /** Bytes that are no member, or a member that is cut. */
    readonly kind: "damage";
    readonly byte: number;
    /** The key of the sample that is cut, where it is known: it is no group then. */
    readonly key: string | null;
    readonly detail: string;
    /** Whether nothing follows. */
    readonly isEnd: boolean;
  };

/** The two parts of a member's name. */
export interface MemberKey {
  readonly key: string;
  readonly extension: string;
}

/**
 * Splits a member's path at the first dot of its file name: `a/b.flac` has the key `a/b`.
 *
 * @returns null for names without a dot, or that begin with it.
 */
export function keyOf(name: string): MemberKey | null {
  const path = name.replace(/^(?:\.\/+)+/, "");
  const base = path.lastIndexOf("/") + 1;
  const dot = path.indexOf(".", base);
  if (dot <= base) return null;
  return { key: path.slice(0, dot), extension: path.slice(dot + 1).toLowerCase() };
}

/**
 * Groups members by key. Folders and names without a key are left out. A group that damage lies
 * within goes on behind it; one whose last member is cut is told as that damage alone.
 */
export function* groupMembers(items: Iterable<TarItem>): Generator<TarGroup, void, void> {
  let group: { key: string; members: KeyedMember[] } | null = null;
  for (const item of items) {
    if (item.kind === "damage") {
      const { byte, detail, isEnd } = item;
      const key = item.name === null ? null : keyOf(item.name)?.key ?? null;
      if (isEnd && group !== null && group.key !== key) yield { kind: "group", ...group };
      if (isEnd) group = null;
      yield { kind: "damage", byte, key, detail, isEnd };
      continue;
    }
    const named = item.member.kind === "other" ? null : keyOf(item.member.name);
    if (named === null) continue;
    const { key, extension } = named;
    if (group !== null && group.key !== key) {
      yield { kind: "group", ...group };
      group = null;
    }
    group ??= { key, members: [] };
    group.members.push({ ...item.member, extension });
  }
  if (group !== null) yield { kind: "group", ...group };
}
