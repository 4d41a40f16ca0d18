import assert from "node:assert/strict";
import { openView, type Picture } from "../../lib/terminal/view.ts";
import { FakeClock, FakeTerminal } from "./fixture.ts";

function picture(...lines: string[]): Picture {
  return { lines: () => lines, text: lines.join(" ") };
}

Deno.test("LiveView redraws in place and prints above", () => {
  const [terminal, clock] = [new FakeTerminal(true), new FakeClock()];
  using view = openView(terminal, clock);
  view.show(picture("a longer one", "two"));
  clock.advance(100);
  view.print("a warning");
  view.show(picture("one", "2"));
  clock.advance(100);
  assert.deepEqual(terminal.screen(), ["a warning", "one", "2", ""]);
});

Deno.test("LiveView draws ten times a second at most", () => {
  const [terminal, clock] = [new FakeTerminal(true), new FakeClock()];
  using view = openView(terminal, clock);
  for (let i = 0; i < 1000; i++) {
    view.show(picture(`picture ${i}`));
    clock.advance(1);
  }
  assert.equal(terminal.written.match(/picture/g)?.length, 10);
});

Deno.test("LiveView writes nothing while nothing changes", () => {
  const [terminal, clock] = [new FakeTerminal(true), new FakeClock()];
  using view = openView(terminal, clock);
  view.show(picture("one"));
  clock.advance(100);
  const { written } = terminal;
  clock.advance(10_000);
  assert.equal(terminal.written, written);
});

Deno.test("LiveView gives the cursor back and stops its timer", () => {
  const [terminal, clock] = [new FakeTerminal(true), new FakeClock()];
  const view = openView(terminal, clock);
  assert.ok(terminal.cursorIsHidden);
  view.show(picture("the end"));
  view[Symbol.dispose]();
  view[Symbol.dispose]();
  assert.ok(!terminal.cursorIsHidden);
  assert.equal(clock.timers, 0);
  assert.deepEqual(terminal.screen(), ["the end", ""]);
});

Deno.test("LiveView gives the cursor back when the program exits", () => {
  const [terminal, clock] = [new FakeTerminal(true), new FakeClock()];
  using _view = openView(terminal, clock);
  globalThis.dispatchEvent(new Event("unload"));
  assert.ok(!terminal.cursorIsHidden);
});

Deno.test("LiveView counts the lines that a narrowed terminal has broken", () => {
  const [terminal, clock] = [new FakeTerminal(true), new FakeClock()];
  using view = openView(terminal, clock);
  view.show(picture("x".repeat(70)));
  clock.advance(100);
  terminal.columns = 40;
  view.show(picture("y"));
  clock.advance(100);
  assert.ok(terminal.written.includes("\x1b[2Ay"));
});

Deno.test("LiveView cuts lines to the width and pictures to the height", () => {
  const [terminal, clock] = [new FakeTerminal(true), new FakeClock()];
  terminal.columns = 10;
  terminal.rows = 3;
  using view = openView(terminal, clock);
  view.show(picture("first", "second", "third line is long"));
  clock.advance(100);
  assert.deepEqual(terminal.screen(), ["second", "third li…", ""]);
});

Deno.test("PlainView prints a line every 30 seconds, without control characters", () => {
  const [output, clock] = [new FakeTerminal(false), new FakeClock()];
  using view = openView(output, clock);
  for (let second = 1; second <= 70; second++) {
    clock.advance(1000);
    view.show(picture(`second ${second}`));
  }
  view.print("the end");
  assert.equal(output.written, "second 30\nsecond 60\nthe end\n");
});
