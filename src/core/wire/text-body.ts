import { RouteSetting } from './route-setting.js';
import { type Shape, TEXT } from './schema.js';

/** A body that the handler gets as text. */
export interface TextBody {
  readonly types: readonly [string, ...string[]];
  /** What the text holds, for the document. Default: any text. */
  readonly shape: Shape;
}

type Handler = object;

const texts = new WeakMap<Handler, TextBody>();

/** The text that a route takes; undefined: it takes JSON. */
export function textOf(handler: Handler): TextBody | undefined {
  return texts.get(handler);
}

/** A route whose body is text of these media types: `@Body() text: string`; undefined if it is empty. */
export function TakesText(types: TextBody['types'], shape: Shape = TEXT): MethodDecorator {
  return (target, name, descriptor) => {
    RouteSetting({ textTypes: types })(target, name, descriptor);
    texts.set(descriptor.value as Handler, { types, shape });
  };
}

/** @param config of the route, as Fastify has it */
export function textTypesOf(config: object): readonly string[] | undefined {
  return (config as { textTypes?: readonly string[] }).textTypes;
}
