import { Inject, Req, type Type } from '@nestjs/common';
import { PROPERTY_DEPS_METADATA } from '@nestjs/common/constants.js';
import type { FastifyRequest } from 'fastify';

/** One call of a route's handler. */
export interface HandlerCall<Controller extends object = object> {
  readonly controller: Controller;
  readonly request: FastifyRequest;
  /** As the handler's parameters declare them. */
  readonly args: readonly unknown[];
  run(args?: readonly unknown[]): Promise<unknown>;
}

type Handler = (...args: unknown[]) => unknown;

/**
 * Makes a decorator that runs code around a handler, after the guards and pipes. An interceptor would run before the
 * body is read, and every request of every route would pay for it. Policies and metadata are kept by the handler
 * function, so this replaces it before they are declared: the decorator stands right above the method.
 * @param service the class of a provider that `around` needs; Nest sets it on the controller
 */
export function aroundHandler<Service extends object, Controller extends object = object>(
  service: Type<Service>,
  around: (service: Service, call: HandlerCall<Controller>) => unknown,
): MethodDecorator {
  return (target, name, descriptor) => {
    const handler = descriptor.value as Handler;
    if (Reflect.getMetadataKeys(handler).length > 0) {
      throw new Error(
        `${target.constructor.name}.${String(name)}: other decorators must be above the one that wraps the handler`,
      );
    }
    const key = injectedProperty(target, service);
    const requestAt = handler.length;
    Req()(target, name, requestAt);
    const wrapped = function (this: Controller & Record<symbol, Service>, ...args: unknown[]): unknown {
      const declared = args.slice(0, requestAt);
      return around(this[key]!, {
        controller: this,
        request: args[requestAt] as FastifyRequest,
        args: declared,
        run: async (given = declared) => handler.apply(this, [...given]),
      });
    };
    // The next decorator of this kind finds its place behind the request.
    Object.defineProperties(wrapped, { name: { value: name }, length: { value: requestAt + 1 } });
    descriptor.value = wrapped as typeof descriptor.value;
  };
}

const properties = new WeakMap<object, symbol>();

/** The property of a controller that Nest sets to the provider. */
function injectedProperty(target: object, service: Type): symbol {
  let key = properties.get(service);
  if (key === undefined) properties.set(service, (key = Symbol(service.name)));
  const injected = (Reflect.getMetadata(PROPERTY_DEPS_METADATA, target.constructor) ?? []) as { key: unknown }[];
  if (!injected.some((property) => property.key === key)) Inject(service)(target, key);
  return key;
}
