// `<!-- not run: why -->` before a snippet tells the tests why they do not run it, and the reader too.
export const NOT_RUN = /^<!-- not run: (?<why>[^\n]+?) -->\s*$/;

export function notRun(markdown) {
  const { html_block: before } = markdown.renderer.rules;
  markdown.renderer.rules.html_block = (tokens, index, ...rest) => {
    const why = NOT_RUN.exec(tokens[index].content)?.groups.why;
    if (why === undefined) return before(tokens, index, ...rest);
    return `<p class="not-run">Not run by the tests: ${markdown.utils.escapeHtml(why)}.</p>\n`;
  };
}
