/** See index.d.ts. */
export function* rowsOf({ functions, rows }) {
  let at = 0;
  while (at < rows.length) {
    const called = functions[rows[at]];
    const output = at + 2 + called.inputs.length;
    yield {
      function: called,
      subsumed: rows[at + 1] === 1,
      arguments: rows.subarray(at + 2, output),
      output: rows[output],
    };
    at = output + 1;
  }
}
