import { expect, test } from "vitest";
import { refusal } from "../../src/server/source";

test.each([
  "/home/a/aicheck",
  "/home/a/aicheck[languages]",
  "/tmp/aicheck_lsp-0.1.0-py3-none-any.whl",
  "https://example.org/aicheck.whl",
  "git+https://example.org/a/aicheck.git@v0.1.0",
  "git+ssh://git@example.org/a/aicheck.git",
  "file:///home/a/aicheck",
  "aicheck-lsp @ git+https://example.org/a/aicheck.git",
  "aicheck-lsp[languages] @ file:///home/a/aicheck",
])("%s is installed from", (source) => {
  expect(refusal(source, [])).toBeUndefined();
});

test.each([
  "aicheck",
  "aicheck-lsp",
  "AIcheck_LSP",
  "aicheck.lsp[languages]",
  "aicheck-lsp==0.1.0",
  "aicheck-lsp >= 0.1",
  "aicheck-lsp~=0.1",
])("%s is only a name", (source) => {
  expect(refusal(source, [])).toContain("is only a name. Whoever registers it");
});

test.each([
  "",
  ".",
  "./aicheck",
  "../aicheck",
  "~/aicheck",
  "-r/tmp/requirements.txt",
  "--index-url=https://example.org",
  "--index-url https://example.org aicheck-lsp",
  "-e /home/a/aicheck",
  "http://example.org/aicheck.whl",
  "git+http://example.org/a/aicheck.git",
  "git+git://example.org/a/aicheck.git",
  "hg+https://example.org/aicheck@--config=x",
  "git+https://--upload-pack=x/aicheck.git",
  "git+https://example.org/aicheck.git@--upload-pack=x",
  "git+ext::sh -c x",
  "https://example.org/a.whl --pre",
  "aicheck-lsp @ aicheck-lsp",
  "aicheck-lsp @ http://example.org/a.whl",
])("'%s' is refused", (source) => {
  expect(refusal(source, [])).toContain("Nothing to install from: give the absolute path");
});

test("nothing in a workspace that is not trusted is built", () => {
  for (const source of [
    "/w",
    "/w[languages]",
    "/w/dist/a.whl",
    "/x/../w/a",
    "/W/a",
    "file:///w#egg=a",
    "file:///%77/a",
    "git+file:///w@main",
    "a @ file:///w",
    "a @ file://localhost/w",
  ]) {
    expect(refusal(source, ["/w"]), source).toContain("which is not trusted");
  }
  expect(refusal("/ww", ["/w"])).toBeUndefined();
});
