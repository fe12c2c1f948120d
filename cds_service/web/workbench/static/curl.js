// The request as a command for a POSIX shell.

const BODY_END = "END_OF_REQUEST";

/** `text` as one word of a shell command, whatever is in it. */
export const quoted = (text) => `'${text.replaceAll("'", `'\\''`)}'`;

/**
 * The POST as a curl command. The body goes in by a here-document: prefetch is larger than an argument may be.
 * A quoted delimiter keeps the shell from touching it, and no line of JSON can be the delimiter.
 */
export function asCurl(url, body, hasServiceToken) {
  const headers = ["Content-Type: application/json"];
  if (hasServiceToken) headers.push("Authorization: Bearer ACCESS_TOKEN");
  return [
    `curl -sS -X POST ${quoted(url)} \\`,
    ...headers.map((each) => `  -H ${quoted(each)} \\`),
    `  --data-binary @- <<'${BODY_END}'`,
    body,
    BODY_END,
    "",
  ].join("\n");
}
