const quoted = (text) => `'${text.replaceAll("'", String.raw`'\''`)}'`;

/** A call in the languages of the reference, by name. */
export const SAMPLES = {
  curl({ method, url, headers, body }) {
    const lines = Object.entries(headers).map(([name, value]) => `-H ${quoted(`${name}: ${value}`)}`);
    if (body !== undefined) lines.push(`-d ${quoted(body)}`);
    const start = method === 'GET' ? `curl ${quoted(url)}` : `curl -X ${method} ${quoted(url)}`;
    return [start, ...lines].join(' \\\n  ');
  },
  JavaScript({ method, url, headers, body }) {
    const options = [`  method: '${method}',`, `  headers: ${indented(JSON.stringify(headers, undefined, 2))},`];
    if (body !== undefined)
      options.push(isJson(headers) ? `  body: JSON.stringify(${indented(body)}),` : `  body: ${JSON.stringify(body)},`);
    return `const response = await fetch(${JSON.stringify(url)}, {\n${options.join('\n')}\n});\nconsole.log(response.status, await response.text());`;
  },
  Python({ method, url, headers, body }) {
    const passed = [`    ${JSON.stringify(url)},`, `    headers=${pythonOf(headers)},`];
    if (body !== undefined) {
      passed.push(isJson(headers) ? `    json=${pythonOf(JSON.parse(body))},` : `    data=${JSON.stringify(body)},`);
    }
    return `import requests\n\nresponse = requests.${method.toLowerCase()}(\n${passed.join('\n')}\n)\nprint(response.status_code, response.text)`;
  },
};

function isJson(headers) {
  return headers['Content-Type'] === 'application/json';
}

function indented(text) {
  return text.replaceAll('\n', '\n  ');
}

function pythonOf(value, indent = '    ') {
  if (value === null) return 'None';
  if (value === true) return 'True';
  if (value === false) return 'False';
  if (typeof value !== 'object') return JSON.stringify(value);
  const inner = `${indent}    `;
  const entries = Array.isArray(value)
    ? value.map((each) => pythonOf(each, inner))
    : Object.entries(value).map(([key, each]) => `${JSON.stringify(key)}: ${pythonOf(each, inner)}`);
  const [open, close] = Array.isArray(value) ? '[]' : '{}';
  return entries.length === 0
    ? open + close
    : `${open}\n${entries.map((entry) => `${inner}${entry},\n`).join('')}${indent}${close}`;
}
