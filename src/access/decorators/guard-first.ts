import type { CanActivate, Type } from '@nestjs/common';
import { GUARDS_METADATA } from '@nestjs/common/constants.js';

/** Adds a guard to a route, before its other guards: access is checked before the body is read. */
export function guardFirst(guard: Type<CanActivate>): MethodDecorator {
  return (_target, _name, descriptor) => {
    const handler = descriptor.value as object;
    const others = (Reflect.getMetadata(GUARDS_METADATA, handler) as unknown[] | undefined) ?? [];
    Reflect.defineMetadata(GUARDS_METADATA, [guard, ...others], handler);
  };
}
