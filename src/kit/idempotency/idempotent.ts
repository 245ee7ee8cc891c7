import { aroundHandler, type HandlerCall } from '../../core/wire/around-handler.js';
import { declareIdempotent } from '../../core/wire/idempotent-routes.js';
import { WireJson } from '../../core/wire/wire-json.js';
import { Idempotency } from './idempotency.js';

/** Names of other methods of the controller. They take the same arguments as the handler. */
interface IdempotentOptions<Prepare extends string, Complete extends string> {
  /**
   * Fetches data from third parties before the transaction begins; skipped for a repeat. The handler gets the result as
   * its last argument.
   */
  readonly prepare?: Prepare;
  /** Creates the answer from the handler's result, now or of the first request, which is its first argument. */
  readonly complete?: Complete;
}

type Method = (...args: never[]) => unknown;
type Controller<Name extends string> = Readonly<Record<Name, Method>>;

/**
 * Makes a route accept an Idempotency-Key: a repeat gets the first answer, and the record commits with the handler's
 * writes. It must be the decorator closest to the method.
 * @example @Idempotent({ prepare: 'check' })
 */
export function Idempotent<Prepare extends string = never, Complete extends string = never>({
  prepare,
  complete,
}: IdempotentOptions<Prepare, Complete> = {}) {
  const wrap = aroundHandler<Idempotency, Controller<Prepare | Complete>>(Idempotency, async (idempotency, call) => {
    const answer = await once(idempotency, call, prepare);
    if (complete === undefined) return answer;
    const kept: unknown = answer instanceof WireJson ? answer.parse() : answer;
    return method(call.controller, complete)(kept, ...call.args);
  });
  return <Target extends Controller<Prepare | Complete>>(
    target: Target,
    name: string | symbol,
    descriptor: PropertyDescriptor,
  ): void => {
    wrap(target, name, descriptor);
    declareIdempotent(descriptor.value as object);
  };
}

function once<Name extends string>(
  idempotency: Idempotency,
  { controller, request, args, run }: HandlerCall<Controller<Name>>,
  prepare: Name | undefined,
): Promise<unknown> {
  if (prepare === undefined) return idempotency.once(request, undefined, () => run());
  // Nest passes null for an argument without a decorator.
  const given = args.slice(0, -1);
  const prepared = async () => method(controller, prepare)(...given);
  return idempotency.once(request, prepared, (result) => run([...given, result]));
}

function method<Name extends string>(controller: Controller<Name>, name: Name): (...args: unknown[]) => unknown {
  return (controller[name] as (...args: unknown[]) => unknown).bind(controller);
}
