import type { DeclaredRoute } from '../../access/routes/declared-routes.js';
import type { Class } from '../../core/wire/schema.js';

/** First words of request body names. Generated clients list them beside response types, which are nouns. */
const BODY_VERBS = [
  ...['Add', 'Archive', 'Assign', 'Block', 'Check', 'Create', 'HandOff', 'Post', 'Put', 'Redact', 'Remove', 'Report'],
  ...['Revoke', 'Rotate', 'Save', 'Send', 'Set', 'Submit', 'Update', 'Upsert', 'Use', 'Verify'],
];
const BODY_NAME = new RegExp(`^(?:${BODY_VERBS.join('|')})(?:[A-Z][a-z]+)+Dto$`);

/**
 * Returns the operation id of a handler: `TagsController.put` becomes `tags.put`.
 * @throws Error if a word repeats, because client generators turn `jwks.jwks` into `jwksJwks`
 */
export function operationIdOf({ controller, handlerName }: Pick<DeclaredRoute, 'controller' | 'handlerName'>): string {
  const name = controller.name.replace(/Controller$/, '');
  const id = `${name.charAt(0).toLowerCase()}${name.slice(1)}.${handlerName}`;
  const words = wordsOf(id);
  if (new Set(words).size < words.length) throw new Error(`${id} repeats a word: rename the handler`);
  return id;
}

/** @throws Error if the class isn't named `{Verb}{Noun}Dto` */
export function assertBodyName({ name }: Class): void {
  if (!BODY_NAME.test(name)) throw new Error(`${name} is a request body: name it as ${BODY_VERBS[0]}…Dto, by its verb`);
}

/** Returns the words of an identifier, in lower case and singular. */
export function wordsOf(name: string): string[] {
  return [...name.matchAll(/[A-Za-z][a-z0-9]*/g)].map(([word]) => word.toLowerCase().replace(/s$/, ''));
}
