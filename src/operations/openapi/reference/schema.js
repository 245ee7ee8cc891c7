import { el, inline } from './dom.js';

/** Schemas may contain themselves, such as the blocks of a workflow. */
const DEPTH_MAX = 6;

export function resolved(api, part) {
  return part?.$ref === undefined
    ? part
    : part.$ref
        .slice(2)
        .split('/')
        .reduce((value, key) => value[key], api);
}

/** The fields of an object, each with its type, limits and description. */
export function fieldsOf(api, schema, depth = 0) {
  const { properties, required = [] } = objectIn(api, schema);
  if (properties === undefined || depth > DEPTH_MAX) return null;
  const rows = Object.entries(properties).map(([name, property]) => {
    const field = resolved(api, property);
    const nested = fieldsOf(api, field, depth + 1);
    const about = property.description ?? field.description;
    return el(
      'li',
      {},
      el('code', { class: 'name' }, name),
      el('span', { class: 'type' }, typeOf(api, property)),
      required.includes(name) ? null : el('span', { class: 'optional' }, 'optional'),
      about === undefined ? null : el('p', {}, inline(about)),
      nested === null ? null : el('details', {}, el('summary', {}, 'Fields'), nested),
    );
  });
  return el('ul', { class: 'fields' }, rows);
}

/** The object that a schema is, or that its list or its alternatives hold. */
function objectIn(api, schema) {
  const found = resolved(api, schema) ?? {};
  if (found.properties !== undefined) return found;
  const [inner] = [found.items, ...(found.anyOf ?? found.oneOf ?? [])].filter(
    (part) => part !== undefined && part.type !== 'null',
  );
  return inner === undefined ? {} : objectIn(api, inner);
}

/** `string or null, at most 100 characters` */
export function typeOf(api, property) {
  const schema = resolved(api, property);
  const alternatives = schema.anyOf ?? schema.oneOf;
  if (alternatives !== undefined && schema.properties === undefined) {
    return [...new Set(alternatives.map((part) => typeOf(api, part)))].join(' or ');
  }
  const values = schema.enum?.filter((value) => value !== null).map((value) => JSON.stringify(value));
  const types = [schema.type ?? 'any'].flat().map((type) => (type === 'array' ? listOf(api, schema) : type));
  const type =
    values === undefined ? types.join(' or ') : values.join(' | ') + (types.includes('null') ? ' or null' : '');
  return [type, ...limitsOf(schema)].join(', ');
}

function listOf(api, { items }) {
  return items === undefined ? 'list' : `list of ${typeOf(api, items)}`;
}

function limitsOf({ format, minLength, maxLength, minimum, maximum, minItems, maxItems, pattern, ...schema }) {
  return [
    format,
    minLength === undefined ? undefined : `at least ${minLength} characters`,
    maxLength === undefined ? undefined : `at most ${maxLength} characters`,
    minimum === undefined ? undefined : `from ${minimum}`,
    maximum === undefined ? undefined : `to ${maximum}`,
    minItems === undefined ? undefined : `at least ${minItems}`,
    maxItems === undefined ? undefined : `at most ${maxItems} entries`,
    pattern === undefined ? undefined : `matches ${pattern}`,
    schema.default === undefined ? undefined : `default ${JSON.stringify(schema.default)}`,
  ].filter((limit) => limit !== undefined);
}
