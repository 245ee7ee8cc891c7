import type { DeclaredRoute } from '../../access/routes/declared-routes.js';
import type { Class } from '../../core/wire/schema.js';

/** What a body's name begins with: generated clients show it beside the names of answers, which are nouns. */
const BODY_VERBS = [
  ...['Add', 'Archive', 'Assign', 'Block', 'Create', 'HandOff', 'Post', 'Put', 'Redact', 'Rotate', 'Save', 'Send'],
  ...['Set', 'Submit', 'Update', 'Use'],
];
const BODY_NAME = new RegExp(`^(?:${BODY_VERBS.join('|')})(?:[A-Z][a-z]+)+Dto$`);

/**
 * `TagsController.put` → `tags.put`
 * @throws Error when it repeats a word: generators join the two halves, and `jwks.jwks` becomes `jwksJwks`
 */
export function operationIdOf({ controller, handlerName }: Pick<DeclaredRoute, 'controller' | 'handlerName'>): string {
  const name = controller.name.replace(/Controller$/, '');
  const id = `${name.charAt(0).toLowerCase()}${name.slice(1)}.${handlerName}`;
  const words = wordsOf(id);
  if (new Set(words).size < words.length) throw new Error(`${id} repeats a word: rename the handler`);
  return id;
}

/** @throws Error when the class isn't named `{Verb}{Noun}Dto` */
export function assertBodyName({ name }: Class): void {
  if (!BODY_NAME.test(name)) throw new Error(`${name} is a request body: name it as ${BODY_VERBS[0]}…Dto, by its verb`);
}

/** In lower case and the singular. */
export function wordsOf(name: string): string[] {
  return [...name.matchAll(/[A-Za-z][a-z0-9]*/g)].map(([word]) => word.toLowerCase().replace(/s$/, ''));
}
