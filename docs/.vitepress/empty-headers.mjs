// Markdown has no table without a head. An empty head would be read to those who do not see it, and so
// would an empty cell of one, as the name of a column.
export function emptyHeaders(markdown) {
  markdown.core.ruler.push("empty-headers", ({ tokens }) => {
    for (const [at, token] of tokens.entries()) {
      if (token.type !== "th_open" || tokens[at + 1].content !== "") continue;
      token.tag = "td";
      tokens[at + 2].tag = "td";
    }
    for (let open = tokens.length - 1; open >= 0; open--) {
      if (tokens[open].type !== "thead_open") continue;
      const close = tokens.findIndex(({ type }, at) => at > open && type === "thead_close");
      const head = tokens.slice(open, close + 1);
      if (head.every(({ content }) => content === "")) tokens.splice(open, head.length);
    }
  });
}
