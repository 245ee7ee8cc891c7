import { asText, codeBox, el } from './dom.js';
import { credential, credentialHeaders } from './callers.js';
import { SAMPLES } from './samples.js';

let language = Object.keys(SAMPLES)[0];

/** The samples of an operation, and a form that sends it. */
export function tryIt({ operation, method, template, parameters }) {
  const inputs = parameters
    .filter((parameter) => parameter.in === 'path' || parameter.in === 'query')
    .map((parameter) => ({ parameter, input: inputOf(parameter) }));
  const [type, content] = Object.entries(operation.requestBody?.content ?? {})[0] ?? [];
  const body =
    type === undefined || type.startsWith('multipart/')
      ? undefined
      : el('textarea', { rows: 10, spellcheck: false, value: asText(content.example ?? {}), 'aria-label': 'Body' });
  const sample = el('div', { class: 'sample' });
  const answer = el('div', { class: 'answer', role: 'status' });

  const call = (shown) => {
    const path = template.replace(/\{(\w+)\}/g, (_, name) => encodeURIComponent(valueOf(inputs, 'path', name)));
    const query = inputs
      .filter(({ parameter, input }) => parameter.in === 'query' && input.value !== '')
      .map(({ parameter, input }) => [parameter.name, input.value]);
    const search = query.length === 0 ? '' : `?${new URLSearchParams(query)}`;
    const headers = { ...credentialHeaders(operation, method, shown), ...(body && { 'Content-Type': type }) };
    return { method: method.toUpperCase(), url: location.origin + path + search, headers, body: body?.value };
  };
  const showSample = () => {
    const tabs = Object.keys(SAMPLES).map((name) =>
      el(
        'button',
        { type: 'button', class: 'tab', 'aria-pressed': String(name === language), click: () => choose(name) },
        name,
      ),
    );
    // The credential of this tab is no part of a sample that is copied elsewhere.
    const text = sampleOf(call({ key: 'YOUR_KEY', secret: 'YOUR_SECRET' }), type);
    sample.replaceChildren(
      el('div', { class: 'tabs', role: 'group', 'aria-label': 'Language' }, tabs),
      codeBox(text, `${language} sample`),
    );
  };
  const choose = (name) => {
    language = name;
    showSample();
  };
  const send = async (event) => {
    event.preventDefault();
    answer.replaceChildren(el('p', {}, 'Sending…'));
    answer.replaceChildren(...(await answerTo(call(credential))));
  };
  for (const { input } of inputs) input.addEventListener('input', showSample);
  body?.addEventListener('input', showSample);
  showSample();

  const isSent = type === undefined || body !== undefined;
  const fields = inputs.map(({ parameter, input }) => el('label', {}, el('span', {}, parameter.name), input));
  const form = el(
    'form',
    { class: 'try', submit: send },
    fields,
    body === undefined ? null : el('label', {}, el('span', {}, 'Body'), body),
    isSent
      ? el('button', { type: 'submit', class: 'primary' }, 'Send request')
      : el('p', { class: 'hint' }, 'Forms with files are sent from your code.'),
    answer,
  );
  return el('section', { class: 'aside', 'aria-label': 'Request' }, el('h2', {}, 'Request'), sample, form);
}

function inputOf({ name, in: place, example, required }) {
  const value = example === undefined ? '' : String(example);
  // Optional filters start empty, so that a first request finds something.
  const isPrefilled = place === 'path' || required === true;
  return el('input', {
    type: 'text',
    name,
    value: isPrefilled ? value : '',
    placeholder: value,
    autocomplete: 'off',
    spellcheck: false,
  });
}

function valueOf(inputs, place, name) {
  return inputs.find(({ parameter }) => parameter.in === place && parameter.name === name)?.input.value ?? '';
}

function sampleOf(call, type) {
  try {
    return SAMPLES[language](type === undefined ? { ...call, body: undefined } : call);
  } catch {
    return 'The body is not valid JSON.';
  }
}

async function answerTo({ url, ...request }) {
  try {
    const start = performance.now();
    const response = await fetch(url, request);
    const text = await response.text();
    const took = Math.round(performance.now() - start);
    const limit = response.headers.get('RateLimit');
    const facts = [`${response.status} ${response.statusText}`, `${took} ms`, limit && `RateLimit ${limit}`];
    const tone = response.ok ? 'good' : 'bad';
    return [
      el('p', { class: `outcome ${tone}` }, facts.filter(Boolean).join(' · ')),
      codeBox(pretty(text), 'Response'),
    ];
  } catch (error) {
    return [el('p', { class: 'outcome bad' }, `The request failed: ${error.message}`)];
  }
}

function pretty(text) {
  try {
    return JSON.stringify(JSON.parse(text), undefined, 2);
  } catch {
    return text === '' ? 'No content' : text;
  }
}
