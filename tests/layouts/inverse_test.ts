import assert from "node:assert/strict";
import fc from "../../lib/npm/fast_check.ts";
import { type LayoutCodec, LAYOUTS } from "../../lib/layouts/layout.ts";
import { makeLayout } from "../../lib/layouts/registry.ts";
import type { Codes } from "../../models/codec.ts";
import { codecs, codesOf } from "./codecs.ts";

/** A codec that fits, an own base or the layout's, and codes of it. */
function cases(
  name: typeof LAYOUTS[number],
): fc.Arbitrary<readonly [LayoutCodec, number | null, Codes]> {
  return codecs(name).chain((codec) =>
    fc.tuple(
      fc.constant(codec),
      fc.oneof(fc.constant(null), fc.nat({ max: 300_000 })),
      codesOf(codec),
    )
  );
}

for (const name of LAYOUTS) {
  Deno.test(`restore() of '${name}' gives back what arrange() was given`, () => {
    fc.assert(fc.property(cases(name), ([codec, base, codes]) => {
      const layout = makeLayout(name, codec, { base });
      assert.equal(layout.isLossless, true);
      const arranged = layout.arrange(codes);
      assert.equal(arranged.length, layout.columns);
      assert.deepEqual(layout.restore(arranged), codes);
      // Reading a row must not change what was read.
      assert.deepEqual(layout.arrange(layout.restore(arranged)), arranged);
    }));
  });

  Deno.test(`every token of '${name}' lies in a range of its vocabulary`, () => {
    fc.assert(fc.property(cases(name), ([codec, base, codes]) => {
      const layout = makeLayout(name, codec, { base });
      const lists = layout.arrange(codes);
      const vocabulary = layout.vocabulary() as unknown as Vocabulary;
      assert.deepEqual(
        [vocabulary.first, vocabulary.last, vocabulary.size],
        [layout.base, layout.maximum, layout.maximum - layout.base + 1],
      );
      for (const [column, list] of lists.entries()) {
        list.forEach((token, at) => {
          const places = vocabulary.ranges.filter(({ slot, column: own }) =>
            layout.isFlat
              ? (slot ?? 0) - 1 === at % vocabulary.ranges.length
              : (own ?? 0) - 1 === column
          );
          assert.equal(places.length, 1);
          const fits = places.some(({ first, last }) => token >= first && token <= last) ||
            vocabulary.specials.some(({ id }) => id === token);
          assert.ok(fits, `token ${token} at ${at}`);
          assert.ok(token >= layout.base && token <= layout.maximum);
        });
      }
    }));
  });

  Deno.test(`'${name}' writes other tokens for other codes`, () => {
    const pairs = codecs(name).filter(({ codebookSize }) => codebookSize > 1)
      .chain((codec) => fc.tuple(fc.constant(codec), codesOf(codec), codesOf(codec)));
    fc.assert(fc.property(pairs, ([codec, left, right]) => {
      const layout = makeLayout(name, codec);
      assert.equal(same(layout.arrange(left), layout.arrange(right)), same(left, right));
    }));
  });

  Deno.test(`'${name}' refuses a token that it cannot have written, and says where it is`, () => {
    const damaged = cases(name).chain(([codec, base, codes]) => {
      const layout = makeLayout(name, codec, { base });
      const lists = layout.arrange(codes);
      return fc.nat({ max: lists.length - 1 }).chain((list) =>
        fc.record({
          layout: fc.constant(layout),
          lists: fc.constant(lists),
          list: fc.constant(list),
          at: fc.nat({ max: (lists[list]?.length ?? 1) - 1 }),
          token: fc.constantFrom(layout.base - 1, layout.maximum + 1, NaN, 0.5, Infinity),
        })
      );
    });
    fc.assert(fc.property(damaged, ({ layout, lists, list, at, token }) => {
      const wrong = lists.map((tokens, i) => i === list ? tokens.with(at, token) : tokens);
      assert.throws(() => layout.restore(wrong), (error) => {
        assert.ok(error instanceof RangeError);
        assert.ok(error.message.includes(`token ${at + 1} `), error.message);
        if (!layout.isFlat) assert.ok(error.message.includes(`of list ${list + 1} `));
        return true;
      });
    }));
  });
}

interface Vocabulary {
  readonly first: number;
  readonly last: number;
  readonly size: number;
  readonly ranges: readonly {
    readonly slot?: number;
    readonly column?: number;
    readonly first: number;
    readonly last: number;
  }[];
  readonly specials: readonly { readonly id: number }[];
}

function same(left: unknown, right: unknown): boolean {
  return JSON.stringify(left) === JSON.stringify(right);
}
