/**
 * Creates an element.
 * @param properties DOM properties; `class`, `data-…`, `aria-…` and `role` are attributes, functions are listeners
 * @param children elements, texts, or lists of them; null and undefined are left out
 */
export function el(tag, properties = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (value === undefined || value === null) continue;
    if (typeof value === 'function') element.addEventListener(name, value);
    else if (name in element && !name.includes('-') && name !== 'list') element[name] = value;
    else element.setAttribute(name, value);
  }
  element.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined));
  return element;
}

/** Renders paragraphs, **bold** and `code`, the only marks in the document. */
export function prose(text, className = 'prose') {
  const paragraphs = text.split(/\n{2,}/).map((paragraph) => el('p', {}, inline(paragraph)));
  return el('div', { class: className }, paragraphs);
}

export function inline(text) {
  return text.split(/(\*\*[^*]+\*\*|`[^`]+`)/).map((part) => {
    if (part.startsWith('**')) return el('strong', {}, part.slice(2, -2));
    if (part.startsWith('`')) return el('code', {}, part.slice(1, -1));
    return part;
  });
}

/** A text in a box, with a button that copies it. */
export function codeBox(text, label) {
  const copy = el('button', { type: 'button', class: 'copy', click: () => copyText(text, copy) }, 'Copy');
  return el('div', { class: 'code' }, copy, el('pre', { tabIndex: 0, 'aria-label': label }, el('code', {}, text)));
}

async function copyText(text, button) {
  await navigator.clipboard.writeText(text);
  button.textContent = 'Copied';
  setTimeout(() => (button.textContent = 'Copy'), 1_500);
}

export function asText(value) {
  return typeof value === 'string' ? value : JSON.stringify(value, undefined, 2);
}
